using Grpc.Core;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;

namespace Strata.Local.Tests.Calls;

/// <summary>Users in segments, over gRPC and JSON, on a running system.</summary>
[Trait("height", "embedded")]
public sealed class SegmentCallsTests(CallsShop shop) : IClassFixture<CallsShop>
{
    private const int Users = 40;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Segments_OfThoseWhoWantLampsAndThoseWhoWantKettles_AreTold_AndFilterACallForMany()
    {
        for (var user = 0; user < Users; user++)
        {
            await shop.ClickAsync($"lit-{user}", $"lamp-{user % CallsShop.Lamps}");
            await shop.ClickAsync($"brewed-{user}", $"kettle-{user % CallsShop.Lamps}");
        }

        await CallsShop.UntilAsync(async () => (await ListAsync()).Segments.Count > 1);
        var (lit, brewed) = (0u, 0u);
        await CallsShop.UntilAsync(async () =>
        {
            (lit, brewed) = ((await shop.SlateOfAsync("lit-3")).SegmentId, (await shop.SlateOfAsync("brewed-3")).SegmentId);
            return lit > 0 && brewed > 0;
        });

        var list = await ListAsync();
        Assert.NotEqual(lit, brewed);
        Assert.All(list.Segments, segment => Assert.NotEmpty(segment.Words));
        Assert.InRange(list.Users, (ulong)(Users * .6), (ulong)(Users * 2.4));
        Assert.Equal(1, list.Segments.Sum(segment => segment.Share), 1e-9);
        var row = await shop.GetAsync<GetUserLayersResponse>("v1/users/lit-3/layers");
        Assert.Equal(lit, row.Segment.SegmentId);
        Assert.Contains(row.Layers.MaxBy(layer => layer.LongInterest)!.LayerId, row.Segment.Layers.Select(layer => layer.LayerId));

        var call = new RecommendManyRequest { UserIds = { "brewed-3", "lit-3", "nobody-at-all" }, SegmentId = lit };
        using var many = shop.Ranking.RecommendMany(call, cancellationToken: Cancel);
        var answers = await many.ResponseStream.ReadAllAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal(["lit-3"], answers.Select(answer => answer.UserId));
        Assert.Equal(lit, Assert.Single(answers).Slate.SegmentId);
    }

    private Task<ListSegmentsResponse> ListAsync() => shop.GetAsync<ListSegmentsResponse>("v1/segments");
}
