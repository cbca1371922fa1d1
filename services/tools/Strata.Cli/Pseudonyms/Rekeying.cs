using System.IO.Hashing;
using System.Text;
using StackExchange.Redis;
using Strata.Contracts;
using Strata.Evaluator.Reports;
using Strata.ServiceDefaults.HandingOver;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Pseudonyms;

/// <summary>
/// Orders the owners of what lies under older keys to hand it over to the newest, some users at a time, and looks until they have. What the
/// store holds says what is left, so it may end anywhere and be begun again.
/// </summary>
internal sealed class Rekeying(IConnectionMultiplexer store, HeldNames names, RecordSender sender, TimeProvider time, Action<string> say)
{
    /// <summary>Rounds at most: names that somebody goes on writing under are never empty for long.</summary>
    private const int Rounds = 5;

    /// <summary>Bits of profile and weights; counts wait for the outcomes of the slates before them.</summary>
    private const int Prompt = 0b011;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Brings all over; what lies where afterwards.</summary>
    public async Task<RekeyReport> RunAsync(int atOnce, IEvaluationProgress progress, CancellationToken cancellationToken)
    {
        // By hash: 8 bytes a user.
        var ordered = new HashSet<ulong>();
        for (var round = 1; round <= Rounds; round++)
        {
            var (tell, done) = (progress.Begin($"round {round}", (await names.CountAsync(cancellationToken)).Older, "users"), 0);
            var some = new List<(string From, string To)>();
            await foreach (var (from, to, held) in names.OlderAsync(cancellationToken))
            {
                // Where only counts are left, and they were asked for, they come by themselves.
                if (ordered.Add(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(from))) || (held & Prompt) != 0)
                {
                    some.Add((from, to));
                }

                if (some.Count == atOnce)
                {
                    await HandOverAsync(some, cancellationToken);
                    tell(done += some.Count);
                    some.Clear();
                }
            }

            await HandOverAsync(some, cancellationToken);
            tell(done += some.Count);
            if (done == 0)
            {
                break;
            }
        }

        return await names.CountAsync(cancellationToken) with { HandedOver = ordered.Count };
    }

    private async Task HandOverAsync(List<(string From, string To)> users, CancellationToken cancellationToken)
    {
        if (users.Count == 0)
        {
            return;
        }

        var asked = time.GetUtcNow();
        var orders = users.Select(user => new HandOverOrders(user.From, user.To, SameUser: true, asked)).ToArray();
        await Task.WhenAll(orders.Select(order => sender.SendAsync(Topics.Impressions, order.From, order.Impression, asked)));
        var at = await Task.WhenAll(orders.Select(order => sender.SendAsync(Topics.Events, order.From, order.Event, asked)));
        var newest = at.GroupBy(position => position.Partition)
            .ToDictionary(some => some.Key, some => some.Max(position => position.Offset));
        var waiting = users.Select(user => user.From).ToArray();
        for (var since = time.GetTimestamp(); ;)
        {
            var followed = await HaveReadAsync(newest);
            if (followed)
            {
                var held = await names.HeldAsync(waiting);
                var left = waiting.Where((_, i) => (held[i] & Prompt) != 0).ToArray();
                since = left.Length < waiting.Length ? time.GetTimestamp() : since;
                waiting = left;
                if (waiting.Length == 0)
                {
                    return;
                }
            }

            if (time.GetElapsedTime(since) > Patience)
            {
                since = time.GetTimestamp();
                say($"Nothing moves for {Patience.TotalSeconds:F0} s: {waiting.Length} users wait for featurizer and clustering. "
                    + "Do both run, and has every Ingestion and Ranking the newest key?");
                if (followed)
                {
                    return; // somebody writes under these names again and again: the next round looks after them
                }
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Featurizer has followed all orders.</summary>
    private async Task<bool> HaveReadAsync(Dictionary<int, long> newest)
    {
        foreach (var (partition, offset) in newest)
        {
            var position = Keys.Position(ConsumerGroups.ProfilesGroup, Topics.Events, partition);
            var value = (byte[]?)await store.GetDatabase().StringGetAsync(position);
            if (!FenceBytes.TryRead(value.AsSpan(), out var fence) || fence.Next <= offset)
            {
                return false;
            }
        }

        return true;
    }
}
