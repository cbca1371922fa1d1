using System.Globalization;

namespace Strata.Chaos.Faults;

/// <summary>One fault of a campaign.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Target">To which service, topic or end of connections; empty where the kind says it.</param>
/// <param name="Index">Chooses among instances or brokers.</param>
/// <param name="Outage">How long it lasts, where it lasts.</param>
internal sealed record ScheduledFault(int Number, FaultKind Kind, string Target, int Index, TimeSpan Outage)
{
    /// <summary>Kind and target, as the table says it.</summary>
    public string Name => Target.Length == 0 ? $"{Kind}" : $"{Kind} {Target}";

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"#{Number} {Name} for {Outage.TotalSeconds:F1} s");
}
