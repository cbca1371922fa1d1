using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Ranking.Suggestions;
using Strata.Streaming.Records;

namespace Strata.Ranking.Tests.Suggestions;

[Trait("height", "harness")]
public sealed class SearchTableTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(World.NowMs);

    private readonly SearchTable _table = new(Options.Create(new SuggestionsOptions { LeastUsers = 2 }));

    [Fact]
    public async Task ApplyAsync_Events_CountsSearchesOfDifferentUsersAndNothingElse()
    {
        await ApplyAsync(
            Search("ann", "Red shoes"),
            Search("bob", "red  shoes"),
            Search("bob", "lamp"),
            Search("bob", "lamp"),
            new UserEvent { UserId = "cleo", Kind = EventKind.Click, ItemId = "lamp-1" });

        Assert.Equal([("red shoes", 2.0)], _table.Read());
        Assert.Equal(2, _table.Count);
    }

    [Fact]
    public async Task ApplyAsync_SomebodyIsForgotten_TheirSearchesCountNoMore()
    {
        await ApplyAsync(Search("ann", "lamp"), Search("bob", "lamp"), Search("bob", "kettle"), Search("cleo", "kettle"));
        var version = _table.Version;
        await ApplyAsync(new UserEvent { UserId = "ann", Kind = EventKind.Forget });

        Assert.Equal(["kettle"], _table.Read().Select(query => query.Query));
        Assert.NotEqual(version, _table.Version);
    }

    [Fact]
    public async Task ApplyAsync_WhatIsNoEvent_IsPassedOver()
    {
        await _table.ApplyAsync([Record("ann", [0xff, 0xff, 0xff]), Record("ann", null)], CancellationToken.None);
        await ApplyAsync(Search("ann", "lamp"), Search("bob", "lamp"));

        Assert.Single(_table.Read());
    }

    private static UserEvent Search(string user, string query)
        => new() { UserId = user, Kind = EventKind.Search, Query = query, EventTime = Timestamp.FromDateTimeOffset(Now) };

    private static StreamRecord Record(string key, byte[]? value) => new(Topics.Events, 0, 1, key, value, Now, []);

    private async Task ApplyAsync(params UserEvent[] acts)
        => await _table.ApplyAsync([.. acts.Select(act => Record(act.UserId, act.ToByteArray()))], CancellationToken.None);
}
