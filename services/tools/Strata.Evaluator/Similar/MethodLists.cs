namespace Strata.Evaluator.Similar;

/// <summary>What a method found, in one of its settings: a list for each test.</summary>
internal sealed class MethodLists(string name, string setting)
{
    private readonly List<IReadOnlyList<int>> _lists = [];

    /// <summary>Name in tables and files.</summary>
    public string Name => name;

    /// <summary>The setting; empty where there is none.</summary>
    public string Setting => setting;

    public void Add(IReadOnlyList<int> found) => _lists.Add(found);

    public IReadOnlyList<int> Of(int test) => _lists[test];
}
