using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Tests.Serving;

namespace Strata.Ranking.Tests.Lookups;

[Trait("height", "harness")]
public sealed class SearchTests : IDisposable
{
    private readonly ServiceWorld _services = new(Shop());

    public SearchTests()
        => _services.Texts.Said["red lamp"] = new ProfileQuery
        {
            Text = "red lamp",
            Centred = true,
            Vector = World.Encode(1, 0, 0),
            Terms = { "red", "lamp" },
        };

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Search_ScoresAreThoseOfTheSourcesMatch()
    {
        var view = _services.World.View;
        var scores = new float[view.Vectors.Rows];
        new QueryMatch().TryScore(view, [1, 0, 0], ["red", "lamp"], [.. Enumerable.Range(0, scores.Length)], 0, scores);

        var answer = await Search(new SearchRequest { Query = " red lamp ", Count = 100 });

        Assert.Equal("red", answer.Items[0].ItemId);
        Assert.All(answer.Items, item => Assert.Equal(scores[view.Vectors.RowOf(view.IndexOf(item.ItemId))], item.Score, 1e-6));
        Assert.Equal(answer.Items.OrderByDescending(item => item.Score), answer.Items);
        Assert.Empty(answer.Degraded);
        Assert.Equal("Answers “red lamp”; layer: word1", answer.Items[0].Reason.Text);
    }

    [Fact]
    public async Task Search_Facets_CountTheMatchesOfEachLayer()
    {
        var answer = await Search(new SearchRequest { Query = "red lamp", Count = 1 });
        var narrowed = await Search(new SearchRequest
        {
            Query = "red lamp",
            Count = 100,
            Filter = new ItemFilter { LayerIds = { answer.Facets[^1].Layer.LayerId } },
        });

        Assert.Single(answer.Items);
        Assert.Equal(answer.Facets.OrderByDescending(facet => facet.Items), answer.Facets);
        Assert.Equal((int)answer.Facets[^1].Items, narrowed.Items.Count);
        Assert.Equal(answer.Facets[^1].Layer.LayerId, Assert.Single(narrowed.Facets).Layer.LayerId);
    }

    [Fact]
    public async Task Search_ForAUser_LeavesOutDismissedAndMutedPrefersTheirLayersAndKeepsWhatTheyHad()
    {
        var profile = World.Profile("shade");
        profile.Items.Add(new ProfileItem { ItemId = "red", LastUnixMs = 1, Kinds = 1u << (int)EventKind.Dismiss });
        profile.Controls.Add(new LayerControl { LayerId = 3, Action = LayerAction.Mute });
        _services.Put("u", profile);
        var nobody = await Search(new SearchRequest { Query = "red lamp", Count = 100 });

        var own = await Search(new SearchRequest { Query = "red lamp", Count = 100, UserId = "u" });

        Assert.DoesNotContain(own.Items, item => item.ItemId == "red" || item.Layer.LayerId == 3);
        var shade = own.Items.Single(item => item.ItemId == "shade");
        var before = nobody.Items.Single(item => item.ItemId == "shade").Score;
        Assert.InRange(shade.Score, before * 1.01, before * 2.0001);
        Assert.Equal(shade.Score, shade.Reason.Contributions.Sum(part => part.Value), 1e-9);
    }

    [Fact]
    public async Task Search_NobodySaysWhatItMeans_IsUnavailableWhileASlateGoesOn()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(() => Search(new SearchRequest { Query = "anything else" }));
        var slate = await _services.Recommend(new RecommendRequest { UserId = "u", Query = "anything else" });

        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
        Assert.NotEmpty(slate.Items);
        Assert.Contains("query-unread", slate.Degraded);
    }

    [Fact]
    public async Task Recommend_QueryWithoutAUser_IsTheSlateOfWhoHasJustSearchedIt()
    {
        var profile = new Profile { LastEventUnixMs = World.NowMs };
        var typed = _services.Texts.Said["red lamp"].Clone();
        typed.TimeUnixMs = World.NowMs;
        profile.Queries.Add(typed);
        _services.Put("searched", profile);

        var session = await _services.Recommend(new RecommendRequest { Query = "red lamp", DryRun = true });
        var searched = await _services.Recommend(new RecommendRequest { UserId = "searched", DryRun = true });

        Assert.Equal(searched.Items, session.Items);
        Assert.Equal("red", session.Items[0].ItemId);
    }

    [Fact]
    public async Task Search_WrongFields_NamesThemAllAtOnce()
    {
        var empty = await Assert.ThrowsAsync<InvalidRequestException>(() => Search(new SearchRequest { Query = " ", Count = 101 }));
        var tooLong = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Search(new SearchRequest { Query = new string('q', 257), Filter = new ItemFilter { MinPrice = -1 } }));

        Assert.Equal(["query", "count"], empty.Violations.Select(violation => violation.Field));
        Assert.Equal(["query", "filter.min_price"], tooLong.Violations.Select(violation => violation.Field));
    }

    private Task<SearchResponse> Search(SearchRequest request) => _services.Ranking.Search(request, new ServiceWorld.Call());

    private static World Shop()
    {
        var world = new World()
            .Item("lamp", [1, 0, 0], title: "Lamp", terms: "lamp")
            .Item("red", [0.9f, 0.3f, 0], title: "Red lamp", terms: ["red", "lamp"])
            .Item("shade", [0.5f, 0.8f, 0], title: "Shade", terms: "shade")
            .Item("far", [0.2f, 0, 0.9f], title: "Far", terms: "far");
        return world.With(World.LayerSet(2, [], (1, [1, 0, 0], 5), (2, [0, 1, 0], 3), (3, [0, 0, 1], 2))).Published();
    }
}
