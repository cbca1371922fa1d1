namespace Strata.Featurizer.Answers.Core;

/// <summary>Some items of a list, beside each other in memory as they are compared together.</summary>
/// <param name="dimensions">Components of a vector.</param>
internal sealed class ItemBlock(int dimensions)
{
    /// <summary>Items it has room for.</summary>
    public const int Rows = 32;

    public int Dimensions => dimensions;

    /// <summary>Vectors as they rest, row-major: only their direction counts, so the scale is left out.</summary>
    public sbyte[] Codes { get; } = new sbyte[Rows * dimensions];

    /// <summary>Whose they are.</summary>
    public ItemKey[] Keys { get; } = new ItemKey[Rows];

    /// <summary>One over the length of each row's codes.</summary>
    public float[] Inverse { get; } = new float[Rows];

    /// <summary>How near each item is to the pivot of its list, as <see cref="PivotSet.Assign"/> says.</summary>
    public float[] Nearness { get; } = new float[Rows];

    public ReadOnlySpan<sbyte> Row(int row) => Codes.AsSpan(row * dimensions, dimensions);
}
