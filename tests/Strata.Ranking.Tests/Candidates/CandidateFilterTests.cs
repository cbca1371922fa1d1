using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Candidates.Filters;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Tests.Candidates;

[Trait("height", "unit")]
public sealed class CandidateFilterTests
{
    [Fact]
    public void CountOf_ItemsOfEveryKind_CountsEachOnceForTheFilterThatRemovedIt()
    {
        // All are fresh and popular, so that several sources come upon each.
        var world = new World();
        foreach (var id in (string[])["owned", "dismissed", "named", "excluded", "free"])
        {
            world.Item(id, [1, 0], createdMs: World.NowMs - 1).With(World.Activity(id, popularity: 3));
        }

        world.Catalogue.Put(
            new ItemFeatures { ItemId = "filtered", Title = "Filtered", CreatedUnixMs = World.NowMs - 1, Tags = { "Sale" } });
        world.Item("muted", [0, 1], createdMs: World.NowMs - 1).With(World.LayerSet(1, [], (1, [1, 0], 1), (2, [0, 1], 1))).Published();
        var profile = World.Profile("owned", "dismissed");
        profile.Items[1].Kinds |= 1u << (int)EventKind.Dismiss;
        profile.Dismissed.Add("named");
        profile.Controls.Add(new LayerControl { LayerId = 2, Action = LayerAction.Mute });

        var conditions = ItemConditions.Of(new ItemFilter { AvoidTags = { "sale" } });

        using var request = world.Rank(
            profile, new RequestConstraints(Exclude: ["excluded", "owned", "unknown"], Conditions: conditions));

        Assert.Equal(["free"], request.Items.ToArray().Select(item => request.View.Items.Ids[item]));
        Assert.Equal(
            [("had", 1), ("dismissed", 2), ("muted", 1), ("excluded", 1), ("variant", 0), ("filtered", 1)],
            CandidateFilters.All.Select((filter, index) => (filter.Name, request.Removals.CountOf(index))));
    }
}
