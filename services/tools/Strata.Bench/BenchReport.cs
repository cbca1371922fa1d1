using Strata.Bench.Load;
using Strata.Bench.Measuring;

namespace Strata.Bench;

/// <summary>All that a run found.</summary>
internal sealed record BenchReport
{
    public required DateTimeOffset Began { get; init; }

    public required BenchOptions Options { get; init; }

    public required int Cores { get; init; }

    /// <summary>An empty call and a bare producer, on the same machine.</summary>
    public required IReadOnlyList<Phase> Yardsticks { get; init; }

    /// <summary>Putting the catalogue and the users' history; then what was asked for.</summary>
    public required IReadOnlyList<Phase> Phases { get; init; }
}
