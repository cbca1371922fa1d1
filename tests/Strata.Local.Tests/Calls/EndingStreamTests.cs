using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Tests.Calls;

/// <summary>How streams end, on a running system.</summary>
[Trait("height", "embedded")]
public sealed class EndingStreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RecommendStream_AtItsDeadlineOrWhenTheSystemStops_EndsAtOnce()
    {
        var system = await LocalSystem.StartAsync(new LocalSettings { Port = 0 }, logging => logging.ClearProviders(), Cancel);
        await system.ReadyAsync(_ => { }, Cancel);
        using var channel = GrpcChannel.ForAddress(system.Addresses.Grpc);
        var ranking = new RankingClient(channel);
        var asked = new RecommendRequest { UserId = "ann", Count = 5 };
        using var limited = ranking.RecommendStream(
            asked, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(2), cancellationToken: Cancel);
        using var endless = ranking.RecommendStream(asked, cancellationToken: Cancel);

        var late = await Assert.ThrowsAsync<RpcException>(() => limited.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel).AsTask());
        Assert.True(await endless.ResponseStream.MoveNext(Cancel));
        await system.DisposeAsync();
        while (await endless.ResponseStream.MoveNext(Cancel))
        {
            // Signs of life, where it took long until here.
        }

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        Assert.Equal(StatusCode.OK, endless.GetStatus().StatusCode);
    }
}
