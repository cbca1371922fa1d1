using System.Diagnostics.Metrics;

namespace Strata.Ranking.Users;

/// <summary>What was met on reading users.</summary>
internal sealed class UsersMetrics(IMeterFactory meters)
{
    public const string MeterName = "Strata.Ranking.Users";

    private readonly Counter<long> _unreadable = meters.Create(MeterName).CreateCounter<long>(
        "strata.ranking.unreadable_values", "{value}", "Values of users that could not be used and counted as absent, by what they are.");

    public void Unreadable(string kind) => _unreadable.Add(1, new KeyValuePair<string, object?>("strata.state.kind", kind));
}
