using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "unit")]
public sealed class ProfileControlsTests
{
    private readonly Profile _profile = new();
    private readonly ProfileStep _step = new(new ProfilesOptions());
    private long _offset;

    [Fact]
    public void Apply_SeveralWordsOnALayer_KeepsTheNewest()
    {
        Control(7, LayerAction.Boost);
        Control(8, LayerAction.Pin);
        Control(7, LayerAction.Mute);

        Assert.Equal(
            [(7u, LayerAction.Mute), (8u, LayerAction.Pin)], _profile.Controls.Select(control => (control.LayerId, control.Action)));
    }

    [Fact]
    public void Apply_Clear_TakesTheWordBackAndLeavesForgetting()
    {
        Control(7, LayerAction.Mute);
        Control(7, LayerAction.Forget);
        Control(7, LayerAction.Clear);

        Assert.Equal([LayerAction.Forget], _profile.Controls.Select(control => control.Action));
    }

    [Fact]
    public void Apply_Forget_MarksTheItemsUntilTheyAreTouchedAgain()
    {
        Click("a");
        Click("a");
        Click("b");

        var before = _profile.Items.Single(item => item.ItemId == "a");
        Control(7, LayerAction.Forget, "a", "unknown");

        Assert.Equal([("b", false), ("a", true)], _profile.Items.Select(item => (item.ItemId, item.Forgotten)));
        Assert.False(before.Forgotten);
        Assert.Empty(_profile.Controls[0].ItemIds);

        Click("a");
        Assert.Equal(("a", false, 1f), (_profile.Items[0].ItemId, _profile.Items[0].Forgotten, _profile.Items[0].Count));
    }

    [Fact]
    public void Apply_Forget_TakesTheWordsAndQueriesAlong()
    {
        Click("a");
        Click("b");
        Search("bee hive");
        Search("loose tea");

        var one = new LayerControl { LayerId = 7, Action = LayerAction.Forget, Queries = { "bee hive" }, Terms = { "hive" } };
        _step.Apply(_profile, Act(one));

        Assert.Equal(["loose tea"], _profile.Queries.Select(query => query.Text));
        Assert.Equal(["bee", "loose", "tea"], _profile.Terms.Select(term => term.Term).Order());
        Assert.Empty(_profile.Controls[0].Queries);
        Assert.Empty(_profile.Controls[0].Terms);

        var all = new LayerControl { LayerId = 8, Action = LayerAction.Forget, Queries = { "loose tea" }, ItemIds = { "a", "b" } };
        _step.Apply(_profile, Act(all));

        Assert.Empty(_profile.Queries);
        Assert.Empty(_profile.Terms);
    }

    [Fact]
    public void Apply_MoreThanAProfileKeeps_DropsTheOldestOfItsSort()
    {
        for (var layer = 1u; layer <= 20; layer++)
        {
            Control(layer, LayerAction.Boost);
            Control(layer, LayerAction.Forget);
        }

        Assert.Equal(16, _profile.Controls.Count(control => control.Action == LayerAction.Boost));
        Assert.Equal(16, _profile.Controls.Count(control => control.Action == LayerAction.Forget));
        Assert.Equal(20u, _profile.Controls[0].LayerId);
        Assert.DoesNotContain(_profile.Controls, control => control.LayerId <= 4);
    }

    [Fact]
    public void Apply_AControl_SaysNothingOfItemsTermsAndTime()
    {
        Click("a");
        var (last, items, terms) = (_profile.LastEventUnixMs, _profile.Items.Clone(), _profile.Terms.Clone());

        var undo = Control(7, LayerAction.Mute);

        Assert.Equal((last, items, terms), (_profile.LastEventUnixMs, _profile.Items, _profile.Terms));
        Assert.Equal((-1, ""), (undo.Index, undo.ItemId));
        Assert.Equal(2ul, _profile.Events);
    }

    private Undo Control(uint layer, LayerAction action, params string[] items)
        => _step.Apply(
            _profile,
            new ProfileAct(
                _offset++,
                0,
                EventKind.Control,
                1_700_000_000_000,
                "",
                "",
                [],
                null,
                new LayerControl { LayerId = layer, Action = action, ItemIds = { items } }));

    private ProfileAct Act(LayerControl control)
        => new(_offset++, 0, EventKind.Control, 1_700_000_000_000, "", "", [], null, control);

    private void Search(string query)
    {
        TermWeight[] terms = [.. query.Split(' ').Select(term => new TermWeight { Term = term, Weight = 0.5f })];
        var vector = new Vector { Scale = 1 };
        _step.Apply(_profile, new ProfileAct(_offset++, 0, EventKind.Search, 1_700_000_000_000, "", query, terms, vector));
    }

    private void Click(string item)
        => _step.Apply(_profile, new ProfileAct(_offset++, 0, EventKind.Click, 1_700_000_000_000 + _offset, item, "", [], null));
}
