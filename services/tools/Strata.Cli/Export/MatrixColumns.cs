using Parquet.Schema;

namespace Strata.Cli.Export;

/// <summary>The columns, the same in every format.</summary>
internal static class MatrixColumns
{
    public static readonly DataField<string> User = new("user", nullable: false);
    public static readonly DataField<int> Layer = new("layer_id");
    public static readonly DataField<float> LongInterest = new("long_interest");
    public static readonly DataField<float> ShortInterest = new("short_interest");
    public static readonly DataField<float> Probability = new("probability");

    /// <summary>In their order.</summary>
    public static IReadOnlyList<DataField> All { get; } = [User, Layer, LongInterest, ShortInterest, Probability];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(column => column.Name);
}
