using Strata.Cli.Users;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;

namespace Strata.Cli.Tests.Users;

/// <summary>A user as three calls tell of them.</summary>
[Trait("height", "unit")]
public sealed class UserViewTests
{
    [Fact]
    public void Of_AKnownUser_HasLayersWithWhatFedThemAndActsNewestFirst()
    {
        var held = new ExportUserResponse
        {
            UserId = "ann",
            Profile = new Profile
            {
                Events = 3,
                LastEventUnixMs = 3_000,
                Attributes = new UserAttributes { AgeBand = "25-34" },
                Items =
                {
                    new ProfileItem { ItemId = "a", LastUnixMs = 1_000, Kinds = 1u << (int)EventKind.View | 1u << (int)EventKind.Cart },
                    new ProfileItem { ItemId = "b", LastUnixMs = 2_000, Kinds = 1u << (int)EventKind.Dismiss },
                },
                Queries = { new ProfileQuery { Text = "hive", TimeUnixMs = 3_000 } },
            },
            Layers = { new ExportUserResponse.Types.LayerInterest { LayerId = 7, ItemIds = { "a" } } },
        };
        var row = new GetUserLayersResponse
        {
            Version = 5,
            Layers =
            {
                new UserLayer { LayerId = 7, Words = { "bee" }, LongInterest = .8, Probability = .6, Action = LayerAction.Boost },
                new UserLayer { LayerId = 9, Probability = .4 },
            },
        };

        var view = UserView.Of(held, row, new GetConsentResponse { Store = true });

        Assert.Equal(["\"hive\"", "b", "a"], view.Recent.Select(act => act.Of));
        Assert.Equal(["search", "dismiss", "view, cart"], view.Recent.Select(act => act.What));
        Assert.Equal([null, null, 7u], view.Recent.Select(act => act.LayerId));
        Assert.Equal(["boost", ""], view.Layers.Select(layer => layer.Wish));
        Assert.Equal(["a"], view.Layers[0].Fed);
        Assert.Empty(view.Layers[1].Fed);
        Assert.Equal(["25-34"], view.Attributes);
        Assert.True(view is { Stores: true, Personalises: false, LayerSet: 5 });
    }

    [Fact]
    public void Of_AStranger_IsEmpty()
    {
        var view = UserView.Of(new ExportUserResponse { UserId = "nobody" }, new GetUserLayersResponse(), new GetConsentResponse());

        Assert.Null(view.LastEvent);
        Assert.Empty(view.Recent);
        Assert.Empty(view.Attributes);
    }
}
