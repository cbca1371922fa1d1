using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Client.Tests;

[Trait("height", "unit")]
public sealed class EventSenderTests
{
    private readonly WatchedTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_WithinTheLinger_GoInOneCall()
    {
        var ingestion = new ScriptedIngestion();
        await using var sender = Sender(ingestion);

        var first = await sender.EnqueueAsync(Click("ann", "1"), Cancel);
        Assert.Equal(ScriptedIngestion.Linger, await _time.WaitAsync());
        var second = await sender.EnqueueAsync(Click("bob", "2"), Cancel);
        await _time.WaitAsync();
        Assert.Equal(0, ingestion.Unread);
        _time.Advance(ScriptedIngestion.Linger);

        Assert.Equal(["1", "2"], (await ingestion.CallAsync()).Events.Select(sent => sent.EventId));
        Assert.Equal(("as of 1", "as of 2"), ((await first).AsOf, (await second).AsOf));
    }

    [Fact]
    public async Task Batch_ThatIsFull_DoesNotLinger()
    {
        var ingestion = new ScriptedIngestion();
        await using var sender = Sender(ingestion, options => options.MaxBatch = 2);

        await sender.EnqueueAsync(Click("ann", "1"), Cancel);
        await sender.EnqueueAsync(Click("ann", "2"), Cancel);

        Assert.Equal(2, (await ingestion.CallAsync()).Events.Count);
    }

    [Fact]
    public async Task Call_ThatSaysWhenToComeAgain_IsMadeAgainThenWithTheSameIds()
    {
        var told = TimeSpan.FromSeconds(3);
        var ingestion = new ScriptedIngestion(_ => ScriptedIngestion.Fail(StatusCode.Unavailable, told));
        await using var sender = Sender(ingestion, options => options.Linger = TimeSpan.Zero);

        var sent = sender.SendAsync(new UserEvent { UserId = "ann", ItemId = "lamp", Kind = EventKind.Click }, Cancel);
        var first = await ingestion.CallAsync();
        var wait = await _time.PassAsync();
        var second = await ingestion.CallAsync();

        Assert.InRange(wait, told, 1.2 * told);
        Assert.Equal(first, second);
        Assert.NotEmpty(first.Events[0].EventId);
        Assert.Equal(first.Events[0].EventId, (await sent).EventId);
        Assert.True((await sent).IsAccepted);
    }

    [Fact]
    public async Task Rejection_ThatMayPass_HoldsBackTheSameUserOnly()
    {
        var busy = new Rejection { Code = (int)StatusCode.ResourceExhausted };
        var ingestion = new ScriptedIngestion(request => ScriptedIngestion.Answer(request, id => id == "ann-1" ? busy : null));
        await using var sender = Sender(ingestion, options => options.Linger = TimeSpan.Zero);
        await sender.EnqueueAsync(Click("ann", "ann-1"), Cancel);
        await ingestion.CallAsync();
        var again = await _time.WaitAsync();

        var ann = await sender.EnqueueAsync(Click("ann", "ann-2"), Cancel);
        var bob = await sender.EnqueueAsync(Click("bob", "bob-1"), Cancel);

        await bob;
        Assert.InRange(await _time.WaitAsync(), again - TimeSpan.FromMilliseconds(1), again); // and not again and again for ann's second
        Assert.False(ann.IsCompleted);
        Assert.Equal(["bob-1"], (await ingestion.CallAsync()).Events.Select(sent => sent.EventId));
        _time.Advance(again);
        await ann;
        Assert.Equal(["ann-1", "ann-2"], (await ingestion.CallAsync()).Events.Select(sent => sent.EventId));
    }

    [Fact]
    public async Task Event_ThatIsRefused_IsToldWithFieldAndRemedyAndKeepsNoOtherOut()
    {
        var told = new List<EventResult>();
        var why = new Rejection
        {
            Code = (int)StatusCode.InvalidArgument,
            Field = "event.item_id",
            Message = "is required",
            Rule = "fields",
        };
        var ingestion = new ScriptedIngestion(request => ScriptedIngestion.Answer(request, id => id == "bad" ? why : null));
        await using var sender = Sender(ingestion, options => (options.MaxBatch, options.OnFailed) = (2, told.Add));

        var bad = await sender.EnqueueAsync(Click("ann", "bad"), Cancel);
        var good = await sender.EnqueueAsync(Click("ann", "good"), Cancel);

        Assert.True((await good).IsAccepted);
        var refused = await bad;
        Assert.Equal(
            (StatusCode.InvalidArgument, "event.item_id", "is required"), (refused.Code, refused.Field, refused.Message));
        Assert.Equal(["fields"], refused.Rules);
        Assert.Equal([refused], told);
        Assert.Equal(1, ingestion.Unread);
    }

    [Fact]
    public async Task Call_ThatEndsOddly_IsMadeAgainToo()
    {
        var odd = new Metadata { { "grpc-status-details-bin", [0xff] } };
        var ingestion = new ScriptedIngestion(
            _ => Task.FromException<PublishBatchResponse>(new OperationCanceledException("a deadline")),
            _ => Task.FromException<PublishBatchResponse>(new RpcException(new Status(StatusCode.Unavailable, "a proxy"), odd)),
            _ => ScriptedIngestion.Fail(StatusCode.Unavailable, TimeSpan.FromDays(100)),
            _ => ScriptedIngestion.Fail(StatusCode.Unavailable, TimeSpan.FromDays(-1)));
        await using var sender = Sender(
            ingestion, options => (options.Linger, options.GiveUpAfter) = (TimeSpan.Zero, TimeSpan.FromHours(1)));

        var sent = sender.SendAsync(Click("ann", "1"), Cancel);
        TimeSpan[] waits = [await _time.PassAsync(), await _time.PassAsync(), await _time.PassAsync()];

        Assert.True((await sent).IsAccepted);
        Assert.All(waits[..2], wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200)));
        Assert.InRange(waits[2], TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1.2));
    }

    [Fact]
    public async Task Call_ThatCannotSucceed_IsNotMadeAgain()
    {
        var ingestion = new ScriptedIngestion(
            _ => ScriptedIngestion.Fail(StatusCode.Unauthenticated), _ => ScriptedIngestion.Fail(StatusCode.ResourceExhausted));
        await using var sender = Sender(ingestion, options => options.Linger = TimeSpan.Zero);

        var unknown = await sender.SendAsync(Click("ann", "1"), Cancel);
        var tooLarge = await sender.SendAsync(Click("ann", "2"), Cancel);

        Assert.Equal((StatusCode.Unauthenticated, StatusCode.ResourceExhausted), (unknown.Code, tooLarge.Code));
        Assert.Equal(2, ingestion.Unread);
    }

    [Fact]
    public async Task Event_WhoseTimeIsOver_IsGivenUpAndToldWhy()
    {
        Func<PublishBatchRequest, Task<PublishBatchResponse>> away = _ => ScriptedIngestion.Fail(StatusCode.Unavailable);
        var ingestion = new ScriptedIngestion([.. Enumerable.Repeat(away, 100)]);
        await using var sender = Sender(ingestion, options =>
            (options.Linger, options.GiveUpAfter) = (TimeSpan.Zero, TimeSpan.FromSeconds(1)));

        var sent = sender.SendAsync(Click("ann", "1"), Cancel);
        while (!sent.IsCompleted)
        {
            await Task.WhenAny(_time.PassAsync(), sent);
        }

        Assert.Equal((StatusCode.Unavailable, "ended with Unavailable"), ((await sent).Code, (await sent).Message));
        Assert.InRange(ingestion.Unread, 3, 8);
    }

    [Fact]
    public async Task Queue_ThatIsFull_LetsNobodyInBeforeAnAnswer()
    {
        var answer = new TaskCompletionSource();
        var ingestion = new ScriptedIngestion(async request =>
        {
            await answer.Task;
            return await ScriptedIngestion.Take(request);
        });
        await using var sender = Sender(ingestion, options => (options.Capacity, options.MaxBatch) = (2, 2));
        await sender.EnqueueAsync(Click("ann", "1"), Cancel);
        await sender.EnqueueAsync(Click("ann", "2"), Cancel);
        await ingestion.CallAsync();

        var third = sender.EnqueueAsync(Click("ann", "3"), Cancel).AsTask();
        using var tired = new CancellationTokenSource();
        var fourth = sender.EnqueueAsync(Click("ann", "4"), tired.Token).AsTask();
        await tired.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth);
        Assert.False(third.IsCompleted);
        answer.SetResult();
        await third;
    }

    private EventSender Sender(ScriptedIngestion ingestion, Action<EventSenderOptions>? set = null) => ingestion.Sender(_time, set);

    private static UserEvent Click(string user, string id) => ScriptedIngestion.Click(user, id);
}
