using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Ranking.Suggestions.Core;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Ranking.Suggestions;

/// <summary>
/// Follows users' events for what they search. Each instance reads the whole log of events: so all of them suggest the same, and one that
/// was started anew knows what the others do. A user is a hash, and no query keeps more than how many they are.
/// </summary>
internal sealed class SearchTable(IOptions<SuggestionsOptions> options) : ITableHandler
{
    /// <summary>Name in settings, health and metrics.</summary>
    public const string Name = "ranking-searches";

    private readonly Lock _gate = new();
    private readonly SearchCounts _counts = new((int)options.Value.Window.TotalDays, options.Value.MaxQueries);

    /// <summary>Queries that are held.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _counts.Count;
            }
        }
    }

    /// <summary>Grows with everything that may change what is read.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _counts.Version;
            }
        }
    }

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var record in batch)
            {
                // What is no event is dead-lettered by the Featurizer; once is enough.
                if (record.TryParse(UserEvent.Parser, out var act, out _))
                {
                    Apply(act, record.Timestamp);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public void CaughtUp()
    {
        // What is suggested before is of what was read by then.
    }

    /// <summary>Queries that enough different users sent.</summary>
    public IReadOnlyList<(string Query, double Users)> Read()
    {
        lock (_gate)
        {
            return _counts.Read(options.Value.LeastUsers);
        }
    }

    private void Apply(UserEvent act, DateTimeOffset recorded)
    {
        if (act is { Kind: EventKind.Search, Query.Length: > 0 })
        {
            _counts.Add(act.Query, HashOf(act.UserId), (act.EventTime?.ToDateTimeOffset() ?? recorded).ToUnixTimeMilliseconds());
        }
        else if (act.Kind is EventKind.Forget or EventKind.HandOver)
        {
            // Who goes on under another name is counted again there: one person is not to be two.
            _counts.Forget(new HashSet<uint> { HashOf(act.UserId) });
        }
    }

    private static uint HashOf(string userId) => (uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(userId.AsSpan()));
}
