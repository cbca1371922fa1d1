using Strata.Contracts;
using Strata.Optimizer.Outcomes.Core;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Doctor.Core;

/// <summary>Which consumers are gone or stand still.</summary>
internal static class ConsumerDiagnosis
{
    private const string About = "consumers";

    /// <summary>A record that waits longer, while nothing is committed, waits in vain: epochs and transactions end far sooner.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly OutcomesOptions Outcomes = new();

    /// <summary>How long a group holds records of a topic back on purpose: an impression until nothing can follow it any more.</summary>
    public static TimeSpan HeldBack(string group, string topic)
        => group != ConsumerGroups.OutcomesGroup ? TimeSpan.Zero
            : topic == Topics.Impressions ? Outcomes.Window + Outcomes.Lateness
            : Outcomes.EventHold;

    /// <param name="before">Positions.</param>
    /// <param name="after">Positions of a little later.</param>
    /// <param name="now">The clock that records' times are held against.</param>
    public static IEnumerable<Finding> Of(IReadOnlyList<GroupPosition> before, IReadOnlyList<GroupPosition> after, DateTimeOffset now)
    {
        var faults = new List<Finding>();
        foreach (var group in after.GroupBy(position => position.Group))
        {
            var late = group
                .Where(position => position.Oldest is { } oldest && now - oldest > Patience + HeldBack(group.Key, position.Topic))
                .ToList();
            if (late.Count == 0)
            {
                continue;
            }

            var still = late.Where(position => before.Any(earlier => earlier.Group == group.Key && earlier.Topic == position.Topic
                && earlier.Partition == position.Partition && earlier.Committed == position.Committed)).ToList();
            var oldest = now - late.Min(position => position.Oldest!.Value);
            if (late[0].Members == 0)
            {
                faults.Add(Finding.Error(
                    About,
                    $"{group.Key}: nobody is in the group, and {late.Sum(position => position.Lag):N0} records wait, one for "
                        + Text(oldest),
                    "Start the service; if it runs, /health/ready says what it waits for"));
            }
            else if (still.Count > 0)
            {
                faults.Add(Finding.Error(
                    About,
                    $"{group.Key} stands still in {still.Count} partitions, {still[0].Topic}/{still[0].Partition} among them: the oldest "
                        + $"record waits for {Text(oldest)}",
                    "Look into that service's log; restart it if it says nothing"));
            }
            else
            {
                faults.Add(Finding.Warning(
                    About,
                    $"{group.Key} is {Text(oldest)} behind, and moves",
                    "Add processes, up to one for each partition; else look for the slow step in messaging_process_duration_seconds"));
            }
        }

        return faults.Count > 0 || after.Count == 0
            ? faults
            : [Finding.Good(About, $"{after.Select(position => position.Group).Distinct().Count()} groups keep up")];
    }

    private static string Text(TimeSpan time)
        => time < TimeSpan.FromHours(1) ? $"{(int)time.TotalMinutes} min {time.Seconds} s" : $"{(int)time.TotalHours} h {time.Minutes} min";
}
