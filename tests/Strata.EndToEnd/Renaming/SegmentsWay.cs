using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Strata.Cli.Frame;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.EndToEnd.Harness;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd.Renaming;

/// <summary>Segments on a running system: listed by the command line, said of a user, and a filter of a call for many.</summary>
internal static class SegmentsWay
{
    /// <summary>True once there are segments, and all that speak of them agree.</summary>
    public static async Task<bool> AreToldAsync(GrpcChannel ranking, IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var (code, output, said) = await StrataTool.RunAsync(["segments", "list", "--ranking", $"http://{ranking.Target}"]);
        Assert.True(code == ExitCode.Done, said);
        var listed = JsonDocument.Parse(output).RootElement.GetProperty("segments").EnumerateArray()
            .Select(segment => segment.GetProperty("segment_id").GetUInt32()).ToHashSet();
        if (listed.Count == 0)
        {
            return false;
        }

        var own = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var user in users)
        {
            var row = await new Layers.LayersClient(ranking).GetUserLayersAsync(
                new GetUserLayersRequest { UserId = user }, cancellationToken: cancellationToken);
            own[user] = row.Segment?.SegmentId ?? 0;
        }

        var asked = own.Values.First(segment => segment > 0);
        using var many = new RankingClient(ranking).RecommendMany(
            new RecommendManyRequest { UserIds = { users }, SegmentId = asked }, cancellationToken: cancellationToken);
        var answers = await many.ResponseStream.ReadAllAsync(cancellationToken).ToListAsync(cancellationToken);

        // They may move on between two looks.
        return own.Values.All(segment => segment == 0 || listed.Contains(segment))
            && users.Where(user => own[user] == asked).SequenceEqual(answers.Select(answer => answer.UserId));
    }
}
