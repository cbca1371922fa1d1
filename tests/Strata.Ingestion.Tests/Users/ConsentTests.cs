using Google.Protobuf;
using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Users.V1;
using Strata.Streaming.Records;

namespace Strata.Ingestion.Tests.Users;

/// <summary>What a user does not allow is not published, or says that it is for sums only.</summary>
[Trait("height", "harness")]
public sealed class ConsentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, true, false)]
    [InlineData(true, false, true, true)]
    [InlineData(false, true, false, false)]
    public async Task PublishEvent_GoesByWhatTheUserSaid(bool? store, bool? personalise, bool published, bool aggregateOnly)
    {
        await using var app = await IngestionApp.StartAsync();
        await SayAsync(app, store, personalise);

        var answer = await app.Grpc.PublishEventAsync(Search("ann"), cancellationToken: Cancel);
        await app.Grpc.PublishEventAsync(Search("bob"), cancellationToken: Cancel);

        var events = app.Publisher.Messages.Where(message => message.Topic == Topics.Events).ToList();
        Assert.Equal(published ? ["ann", "bob"] : ["bob"], events.Select(message => message.Key));
        Assert.Equal(aggregateOnly, ((UserEvent)events[0].Value!).AggregateOnly);
        Assert.False(((UserEvent)events[^1].Value!).AggregateOnly);
        Assert.Equal(published && !aggregateOnly, answer.AsOf.Length > 0);
    }

    [Fact]
    public async Task PublishEvent_DefaultsWithoutStoring_PublishOnlyThoseWhoAllowIt()
    {
        await using var app = await IngestionApp.StartAsync(new Dictionary<string, string?> { ["Consent:Store"] = "false" });
        await SayAsync(app, store: true, personalise: null);

        await app.Grpc.PublishEventAsync(Search("ann"), cancellationToken: Cancel);
        await app.Grpc.PublishEventAsync(Search("bob"), cancellationToken: Cancel);

        Assert.Equal(["ann"], app.Publisher.Messages.Select(message => message.Key));
    }

    [Fact]
    public async Task PutUsers_LeavesOutThoseWhoWantNothingStored()
    {
        await using var app = await IngestionApp.StartAsync();
        await SayAsync(app, store: false, personalise: null);
        var put = new PutUsersRequest();
        put.Users.AddRange([new UserAttributes { UserId = "ann", Region = "NZ" }, new UserAttributes { UserId = "bob", Region = "NZ" }]);

        await app.Grpc.PutUsersAsync(put, cancellationToken: Cancel);

        Assert.Equal(["bob"], app.Publisher.Messages.Where(message => message.Topic == Topics.Users).Select(message => message.Key));
    }

    [Fact]
    public async Task PublishEvent_BeforeConsentsAreRead_IsUnavailable()
    {
        await using var app = await IngestionApp.StartAsync(consentsRead: false);

        var fault = await Assert.ThrowsAsync<RpcException>(
            () => app.Grpc.PublishEventAsync(Search("ann"), cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, fault.StatusCode);
    }

    private static PublishEventRequest Search(string user)
        => new() { Event = new UserEvent { UserId = user, Kind = EventKind.Search, Query = "red shoes" } };

    private static async Task SayAsync(IngestionApp app, bool? store, bool? personalise)
    {
        var said = new Consent { UserId = "ann" };
        if (store is { } stores)
        {
            said.Store = stores;
        }

        if (personalise is { } personal)
        {
            said.Personalise = personal;
        }

        var record = new StreamRecord(Topics.Consents, 0, 0, "ann", said.ToByteArray(), IngestionApp.Now, []);
        await app.Consents.ApplyAsync([record], Cancel);
    }
}
