using Google.Protobuf;
using StackExchange.Redis;
using Strata.Chaos.Load;
using Strata.Chaos.Stack;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Records;

namespace Strata.Chaos.Comparison;

/// <summary>
/// What a run leaves, in a form that two runs can be compared in. Left out: where in the log something stood (fences, offsets), the undo
/// log, and users who touched what was deleted meanwhile.
/// </summary>
/// <param name="Parts">By kind of state, values by name.</param>
/// <param name="Popularity">Undecayed popularity of each item that stays: a sum whose order may differ.</param>
internal sealed record StateSnapshot(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Parts, IReadOnlyDictionary<string, double> Popularity)
{
    private static readonly string[] Inputs = [Topics.Events, Topics.Items, Topics.Users];

    public static async Task<StateSnapshot> ReadAsync(RedisStore store, FinalLog log, CancellationToken cancellationToken)
    {
        await using var connection = await store.ConnectAsync();
        var database = connection.GetDatabase();
        string[] keys =
        [
            .. connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false })
                .SelectMany(server => server.Keys(pageSize: 1000)).Select(key => key.ToString()).Distinct(StringComparer.Ordinal),
        ];
        var features = (await log.ReadAsync(Topics.ItemFeatures, cancellationToken))
            .Where(record => record.Value is null || record.TryParse(ItemFeatures.Parser, out _, out _))
            .GroupBy(record => record.Key!, StringComparer.Ordinal).Select(records => records.Last())
            .Where(record => record.Value is not null);
        return new StateSnapshot(
            new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
            {
                ["profiles"] = await ValuesAsync(
                    key => key.EndsWith(":profile", StringComparison.Ordinal) && key.StartsWith("{u:", StringComparison.Ordinal)
                        && !key.Contains(Shoppers.PassingPrefix, StringComparison.Ordinal),
                    Comparable),
                ["item features in the store"] = await ValuesAsync(
                    key => key.StartsWith("item:", StringComparison.Ordinal), payload => Convert.ToHexString(payload.Span)),
                ["document frequencies"] = await FrequenciesAsync(),
                ["item features in the log"] =
                    features.ToDictionary(record => record.Key!, record => Convert.ToHexString(record.Value!.Value.Span)),
                ["interest points"] = Counted((await log.ReadAsync(Topics.InterestPoints, cancellationToken)).Select(PointOf)),
                ["dead letters"] = Counted(await LettersAsync(log, cancellationToken)),
            },
            (await log.ReadAsync(Topics.ItemActivity, cancellationToken))
                .Select(record => record.TryParse(ItemActivity.Parser, out var item, out _) && item.ItemId == record.Key ? item : null)
                .OfType<ItemActivity>().Where(item => item.ItemId.StartsWith("item-", StringComparison.Ordinal))
                .GroupBy(item => item.ItemId).ToDictionary(items => items.Key, items => items.Last().Popularity[^1]));

        async Task<IReadOnlyDictionary<string, string>> ValuesAsync(Func<string, bool> wanted, Func<ReadOnlyMemory<byte>, string> text)
        {
            RedisKey[] names = [.. keys.Where(wanted).Select(key => (RedisKey)key)];
            var values = await Task.WhenAll(names.Select(name => database.StringGetAsync(name)));
            return names.Zip(values).ToDictionary(
                pair => pair.First.ToString(), pair => text(FencedValue.Payload((byte[])pair.Second!)), StringComparer.Ordinal);
        }

        async Task<IReadOnlyDictionary<string, string>> FrequenciesAsync()
        {
            var frequencies = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var key in keys.Where(key => key.StartsWith("df:", StringComparison.Ordinal)))
            {
                frequencies[key] = string.Join(' ', (await database.HashGetAllAsync(key))
                    .Where(entry => entry.Name != "#fence" && entry.Value != 0)
                    .Select(entry => $"{entry.Name}={entry.Value}").Order(StringComparer.Ordinal));
            }

            return frequencies;
        }
    }

    private static async Task<IEnumerable<string>> LettersAsync(FinalLog log, CancellationToken cancellationToken)
    {
        var letters = await Task.WhenAll(Inputs.Select(topic => log.ReadAsync(Topics.DeadLettersOf(topic), cancellationToken)));
        return letters.SelectMany(records => records).Select(record => DeadLetter.Parser.ParseFrom(record.Value!.Value.Span))
            .Where(letter => letter.Group.StartsWith("featurizer", StringComparison.Ordinal))
            .Select(letter => $"{letter.Group} {letter.Topic} {letter.Partition} {letter.Key?.ToBase64()} "
                + $"{Convert.ToHexString(letter.Value?.ToByteArray() ?? [])} {letter.Reason}");
    }

    private static string? PointOf(StreamRecord record)
    {
        if (!record.TryParse(InterestPoint.Parser, out var point, out _)
            || point.UserId.StartsWith(Shoppers.PassingPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        point.EventOffset = 0;
        if (point.SubjectCase == InterestPoint.SubjectOneofCase.Query)
        {
            // Which item answers best, and the mean of the answers, move with every item that comes or goes.
            (point.Vector, point.AnsweredBy) = (null, "");
        }

        return $"{point.UserId} {point.EventTimeUnixMs} {Convert.ToHexString(point.ToByteArray())}";
    }

    private static Dictionary<string, string> Counted(IEnumerable<string?> lines)
        => lines.OfType<string>().CountBy(line => line)
            .ToDictionary(pair => pair.Key, pair => $"{pair.Value} times", StringComparer.Ordinal);

    private static string Comparable(ReadOnlyMemory<byte> payload)
    {
        var profile = Profile.Parser.ParseFrom(payload.Span);
        profile.UndoLog.Clear();
        foreach (var item in profile.Items)
        {
            item.Offset = 0;
        }

        foreach (var seen in profile.Seen)
        {
            seen.Offset = 0;
        }

        return profile.ToString();
    }
}
