using Grpc.Core;
using Grpc.Net.Client;
using Strata.Bench.Measuring;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Bench.Load;

/// <summary>Asks for slates: at a rate, each call on its own, or by callers of whom each asks when it was answered.</summary>
internal sealed class SlateLoad(Uri ranking, BenchOptions options)
{
    public async Task<Tally> RunAsync(CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(
            ranking, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });
        var client = new RankingClient(channel.WithKey(CallerKey.FromEnvironment));
        var (tally, arrivals) = (new Tally(), new Arrivals(options.Slates, options.Time, TimeProvider.System));
        if (options.Slates <= 0)
        {
            await Task.WhenAll(Enumerable.Range(0, options.Callers).Select(caller => Task.Run(
                async () =>
                {
                    var random = new Random(options.Seed + caller);
                    while (await arrivals.NextAsync(cancellationToken) is { } at)
                    {
                        await AskAsync(client, random.Next(options.Users), at, tally, cancellationToken);
                    }
                },
                cancellationToken)));
            return tally;
        }

        var drawn = new Random(options.Seed);
        var asked = new List<Task>();
        while (await arrivals.NextAsync(cancellationToken) is { } at)
        {
            asked.Add(AskAsync(client, drawn.Next(options.Users), at, tally, cancellationToken));
        }

        await Task.WhenAll(asked);
        return tally;
    }

    private async Task AskAsync(RankingClient client, int user, long at, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            var request = new RecommendRequest { UserId = BenchShop.UserOf(user), Count = (uint)options.Count };
            var slate = await client.RecommendAsync(request, cancellationToken: cancellationToken);
            if (slate.Items.Count == 0)
            {
                tally.Failed();
                return;
            }

            tally.Answered(at);
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Failed(); // told as such in the report
        }
    }
}
