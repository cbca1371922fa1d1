using System.Threading.Channels;
using Grpc.Core;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Users;

namespace Strata.Ranking.Tests.Serving.Streams;

/// <summary>Streams over a clock that stands still until it is moved: each look waits for its pace.</summary>
[Trait("height", "harness")]
public sealed class RecommendStreamTests : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StoreTimeout = new UserReaderOptions().StoreTimeout;

    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());
    private readonly Answers _answers = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task RecommendStream_AtOnce_SendsTheSlateOfRecommendAndLogsItOnce()
    {
        _services.Put("u", World.Profile("i3", "i6"));
        var own = await _services.Recommend(new RecommendRequest { UserId = "u", Count = 5, Exploration = false, DryRun = true });
        var stream = Start(new RecommendRequest { UserId = "u", Count = 5 });

        var first = await _answers.NextAsync();
        _services.Put("u", World.Profile("i7", "i4", "i1"));
        await _services.Clock.SetAsync(Pace);
        _services.Clock.Advance(Pace);
        await _answers.NextAsync();

        Assert.Equal(own.Items.Select(item => item.ItemId), first.Slate.Items.Select(item => item.ItemId));
        Assert.Equal(first.Entered, first.Slate.Items.Select(item => item.ItemId));
        Assert.Equal(first.Slate.RequestId, Assert.Single(_services.Log.Impressions).RequestId);
        await StopAsync(stream);
    }

    [Fact]
    public async Task RecommendStream_TheUserActs_SendsWhatChangedAfterThePaceAndNotBefore()
    {
        var stream = Start(new RecommendRequest { UserId = "u", Count = 5 });
        var first = await _answers.NextAsync();
        _services.Put("u", World.Profile("i0", "i3", "i6"));

        await _services.Clock.SetAsync(Pace);
        _services.Clock.Advance(Pace - TimeSpan.FromMilliseconds(1));
        var early = _answers.Count;
        _services.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var second = await _answers.NextAsync();

        Assert.Equal(0, early);
        Assert.Contains("i0", second.Left);
        Assert.Equal(
            second.Slate.Items.Select(item => item.ItemId).Order(),
            first.Slate.Items.Select(item => item.ItemId).Except(second.Left).Concat(second.Entered).Order());
        await StopAsync(stream);
    }

    [Fact]
    public async Task RecommendStream_TheCatalogueHidesAnItem_SendsASlateWithoutIt()
    {
        var stream = Start(new RecommendRequest { UserId = "u", Count = 5 });
        var first = (await _answers.NextAsync()).Slate.Items[2].ItemId;
        _services.World.Catalogue.Put(new ItemFeatures { ItemId = first, Title = "Candies", Hidden = true });
        _services.World.Published();

        await _services.Clock.SetAsync(Pace);
        _services.Clock.Advance(Pace);

        Assert.Equal([first], (await _answers.NextAsync()).Left);
        await StopAsync(stream);
    }

    [Fact]
    public async Task RecommendStream_NothingChanges_SaysOnlyThatItLives()
    {
        var stream = Start(new RecommendRequest { UserId = "u", Count = 5 });
        await _answers.NextAsync();
        for (var second = 0; second < 15; second++)
        {
            Assert.Equal(0, _answers.Count);
            await _services.Clock.SetAsync(Pace);
            _services.Clock.Advance(Pace);
        }

        Assert.Equal(new RecommendStreamResponse(), await _answers.NextAsync());
        await StopAsync(stream);
    }

    [Fact]
    public async Task RecommendStream_TheStoreDoesNotAnswer_KeepsTheSlateBefore()
    {
        _services.Put("u", World.Profile("i0", "i3"));
        var stream = Start(new RecommendRequest { UserId = "u", Count = 5 });
        await _answers.NextAsync();
        await _services.Clock.SetAsync(Pace);

        var reads = Channel.CreateUnbounded<int>();
        _services.Store.OnRead = number => reads.Writer.TryWrite(number);
        _services.Store.Silent = true;
        _services.Clock.Advance(Pace);
        for (var read = 0; read < 2; read++)
        {
            await reads.Reader.ReadAsync(Cancel).AsTask().WaitAsync(WatchedClock.Patience, Cancel);
            _services.Clock.Advance(StoreTimeout);
        }

        await _services.Clock.SetAsync(Pace);
        var sent = _answers.Count;

        Assert.Equal(0, sent);
        await StopAsync(stream);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RecommendStream_TheProcessStopsOrTheStreamIsOld_EndsWithoutAFaultAndLeavesItsSeat(bool stops)
    {
        var stream = Start(new RecommendRequest { UserId = "u" });
        await _answers.NextAsync();
        await _services.Clock.SetAsync(Pace);
        var taken = _services.Seats.Taken;

        if (stops)
        {
            _services.Lifetime.StopApplication();
        }
        else
        {
            _services.Clock.Advance(TimeSpan.FromHours(1));
        }

        await stream.WaitAsync(WatchedClock.Patience, Cancel);
        Assert.Equal((1, 0), (taken, _services.Seats.Taken));
    }

    [Fact]
    public async Task RecommendStream_WrongFields_AreNamedAndTakeNoSeat()
    {
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(() => Start(new RecommendRequest { Count = 101 }));

        Assert.Equal(["user_id", "count"], fault.Violations.Select(violation => violation.Field));
        Assert.Equal(0, _services.Seats.Taken);
    }

    private Task Start(RecommendRequest request) => _services.Ranking.RecommendStream(request, _answers, new ServiceWorld.Call());

    private async Task StopAsync(Task stream)
    {
        _services.Lifetime.StopApplication();
        await stream.WaitAsync(WatchedClock.Patience, Cancel);
    }

    private sealed class Answers : IServerStreamWriter<RecommendStreamResponse>
    {
        private readonly Channel<RecommendStreamResponse> _sent = Channel.CreateUnbounded<RecommendStreamResponse>();

        public int Count => _sent.Reader.Count;

        public WriteOptions? WriteOptions { get; set; }

        public async Task<RecommendStreamResponse> NextAsync()
            => await _sent.Reader.ReadAsync(Cancel).AsTask().WaitAsync(WatchedClock.Patience, Cancel);

        public Task WriteAsync(RecommendStreamResponse message)
        {
            Assert.True(_sent.Writer.TryWrite(message));
            return Task.CompletedTask;
        }

        public Task WriteAsync(RecommendStreamResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
