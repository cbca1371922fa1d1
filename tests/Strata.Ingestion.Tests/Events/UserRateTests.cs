using Google.Rpc;
using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using StatusCode = Grpc.Core.StatusCode;

namespace Strata.Ingestion.Tests.Events;

/// <summary>One user's flood: refused in words that can be acted on, and nobody else's matter.</summary>
[Trait("height", "harness")]
public sealed class UserRateTests : IAsyncLifetime
{
    private const int Burst = 20;

    private IngestionApp _app = null!;
    private int _searches;

    public async ValueTask InitializeAsync() => _app = await IngestionApp.StartAsync(new Dictionary<string, string?>
    {
        ["Rates:UserEventsPerSecond"] = "1",
        ["Rates:UserEventBurst"] = $"{Burst}",
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task PublishEvent_FloodOfOneUser_IsExhaustedAndOthersAreNot()
    {
        RpcException? refused = null;
        for (var sent = 0; refused is null && sent < 10 * Burst; sent++)
        {
            try
            {
                await PublishAsync("flood");
            }
            catch (RpcException fault)
            {
                refused = fault;
            }
        }

        await PublishAsync("somebody else");
        Assert.Equal(StatusCode.ResourceExhausted, refused!.StatusCode);
        Assert.Contains("event.user_id", refused.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(_app.Publisher.Messages.Count(sent => sent.Key == "flood"), Burst, (10 * Burst) - 1);
        var details = Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin")).Details;
        Assert.Contains(details, detail => detail.Is(RetryInfo.Descriptor));
    }

    [Fact]
    public async Task PublishEvent_FloodOverJson_IsTooManyRequestsAndToldWhenToComeAgain()
    {
        JsonAnswer answer;
        var sent = 0;
        do
        {
            answer = await _app.PostAsync("/v1/events", """{"userId":"flood","kind":"search","query":"red shoes"}""");
        }
        while ((int)answer.Status == 200 && ++sent < 10 * Burst);

        Assert.Equal(429, (int)answer.Status);
        Assert.Contains("RetryInfo", answer.Body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishEvents_FloodOfOneUser_IsRejectedEventByEvent()
    {
        using var call = _app.Grpc.PublishEvents(cancellationToken: TestContext.Current.CancellationToken);
        foreach (var user in Enumerable.Repeat("flood", 3 * Burst).Append("somebody else"))
        {
            await call.RequestStream.WriteAsync(Search(user), TestContext.Current.CancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        var answers = new List<PublishEventsResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            answers.Add(answer);
        }

        Assert.Contains(answers, answer => answer.Rejected?.Code == (int)StatusCode.ResourceExhausted);
        Assert.NotNull(answers[^1].Accepted);
    }

    private async Task PublishAsync(string user)
        => await _app.Grpc.PublishEventAsync(Search(user), cancellationToken: TestContext.Current.CancellationToken);

    private PublishEventRequest Search(string user)
        => new() { Event = new UserEvent { UserId = user, Kind = EventKind.Search, Query = $"red shoes {_searches++}" } };
}
