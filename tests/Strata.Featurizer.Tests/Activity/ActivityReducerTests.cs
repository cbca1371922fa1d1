using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Activity;
using Strata.Featurizer.Activity.Core;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Activity;

[Trait("height", "harness")]
public sealed class ActivityReducerTests
{
    private readonly InMemoryLog _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingOutput _output = new();
    private readonly ActivityAccumulator _accumulator = new(new ActivityOptions(), 0, 77, 0, 1);
    private long _offset;

    [Fact]
    public async Task HandleAsync_ABatchOfDeltas_PublishesEachChangedItemOnceWithTheMarker()
    {
        var reducer = await StartAsync();
        var batch = new[] { Delta("a", "b"), Delta("a"), Delta() };

        await reducer.HandleAsync(batch, _output, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "marker:2"], _output.Sent.Select(message => message.Key));
        Assert.All(_output.Sent, message => Assert.Equal((Topics.ItemActivity, 2), (message.Topic, message.Partition)));
        Assert.Equal(2, ((ItemActivity)_output.Sent[0].Value!).Popularity[5]);
        Assert.Equal(3, ((ActivityMarker)_output.Sent[2].Value!).Positions[0].Next);
        Assert.Equal(3, _output.Committed(Topics.ActivityDeltas));
    }

    [Fact]
    public async Task StartAsync_AfterACrash_GoesOnFromWhatWasCommitted()
    {
        var first = await StartAsync();
        await first.HandleAsync([Delta("a", "b")], _output, TestContext.Current.CancellationToken);
        _log.Append(_output.Sent);
        _time.Advance(TimeSpan.FromSeconds(1));
        var lost = Delta("a");
        _output.FailCommits = new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(
            async () => await first.HandleAsync([lost], _output, TestContext.Current.CancellationToken));

        var second = await StartAsync();
        var output = new RecordingOutput();
        await second.HandleAsync([lost], output, TestContext.Current.CancellationToken);

        Assert.Equal(2, output.SentTo<ItemActivity>(Topics.ItemActivity).Single().Popularity[5]);
    }

    [Fact]
    public async Task HandleAsync_WithinTheInterval_PublishesOnceItIsOver()
    {
        var reducer = await StartAsync();
        await reducer.HandleAsync([Delta("a")], _output, TestContext.Current.CancellationToken);
        await reducer.HandleAsync([Delta("b")], _output, TestContext.Current.CancellationToken);
        await reducer.IdleAsync(_output, TestContext.Current.CancellationToken);
        Assert.Equal(1, _output.Committed(Topics.ActivityDeltas));

        _time.Advance(TimeSpan.FromSeconds(1));
        await reducer.IdleAsync(_output, TestContext.Current.CancellationToken);

        Assert.Equal(2, _output.Committed(Topics.ActivityDeltas));
        Assert.Equal(["a", "marker:2", "b", "marker:2"], _output.Sent.Select(message => message.Key));
        await reducer.IdleAsync(_output, TestContext.Current.CancellationToken);
        Assert.Equal(4, _output.Sent.Count);
    }

    [Fact]
    public async Task DrainAsync_UnpublishedChanges_PublishesThem()
    {
        var reducer = await StartAsync();
        await reducer.HandleAsync([Delta("a")], _output, TestContext.Current.CancellationToken);
        await reducer.HandleAsync([Delta("b")], _output, TestContext.Current.CancellationToken);

        await reducer.DrainAsync(_output, TestContext.Current.CancellationToken);

        Assert.Equal(2, _output.Committed(Topics.ActivityDeltas));
    }

    [Fact]
    public async Task HandleAsync_TombstoneOfAnItem_DropsItsActivity()
    {
        var reducer = await StartAsync();
        await reducer.HandleAsync([Delta("a", "b")], _output, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        var gone = _log.Append(Topics.ItemFeatures, 2, "a", (byte[]?)null, DateTimeOffset.UnixEpoch);
        var alive = _log.Append(Topics.ItemFeatures, 2, "b", new ItemFeatures { ItemId = "b" }, DateTimeOffset.UnixEpoch);

        await reducer.HandleAsync([gone, alive], _output, TestContext.Current.CancellationToken);

        Assert.Equal(("a", true), _output.Sent.Skip(3).Select(message => (message.Key, message.Value is null)).Single());
        Assert.Equal(2, _output.Committed(Topics.ItemFeatures));
        _log.Append(_output.Sent);
        var second = await StartAsync();
        var output = new RecordingOutput();
        await second.HandleAsync([Delta("a")], output, TestContext.Current.CancellationToken);
        Assert.Equal(1, output.SentTo<ItemActivity>(Topics.ItemActivity).Single().Popularity[5]);
    }

    [Fact]
    public async Task HandleAsync_StateOlderThanThePosition_ReadsAgainWhatItLacks()
    {
        var reducer = await StartAsync();
        var deltas = new[] { Delta("a"), Delta("b"), Delta("a") };
        await reducer.HandleAsync([deltas[0]], _output, TestContext.Current.CancellationToken);
        _log.Append(_output.Sent);

        var rewind = await Assert.ThrowsAsync<RewindException>(
            async () => await reducer.HandleAsync([deltas[2]], _output, TestContext.Current.CancellationToken));
        var next = await StartAsync(rewound: true);
        var output = new RecordingOutput();
        await next.HandleAsync(deltas, output, TestContext.Current.CancellationToken);

        Assert.Equal((Topics.ActivityDeltas, 0), (rewind.Topic, rewind.Offset));
        var activity = output.SentTo<ItemActivity>(Topics.ItemActivity).ToDictionary(item => item.ItemId, item => item.Popularity[5]);
        Assert.Equal((2, 1), (Math.Round(activity["a"], 3), Math.Round(activity["b"], 3)));
    }

    [Fact]
    public async Task HandleAsync_TheLogForgotWhatIsMissing_GoesOnBehindIt()
    {
        var reducer = await StartAsync(rewound: true);
        await reducer.HandleAsync([Delta("a")], _output, TestContext.Current.CancellationToken);
        Delta("b");
        _time.Advance(TimeSpan.FromSeconds(1));

        await reducer.HandleAsync([Delta("c")], _output, TestContext.Current.CancellationToken);

        Assert.Equal("c", _output.SentTo<ItemActivity>(Topics.ItemActivity)[^1].ItemId);
    }

    [Fact]
    public async Task HandleAsync_UnreadableOrForeignDelta_IsDeadLettered()
    {
        var reducer = await StartAsync();
        var unreadable = _log.Append(Topics.ActivityDeltas, 2, null, [0xFF], DateTimeOffset.UnixEpoch);
        var foreign = _log.Append(
            Topics.ActivityDeltas, 2, null, new ActivityDelta { ItemPartition = 1, To = 1 }, DateTimeOffset.UnixEpoch);

        await reducer.HandleAsync([unreadable, foreign], _output, TestContext.Current.CancellationToken);

        Assert.Equal(2, _output.Dead.Count);
    }

    private async Task<ActivityReducer> StartAsync(bool rewound = false)
    {
        var context = new PartitionContext("g", 2, new Dictionary<string, ulong>(), new Dictionary<string, long>())
        {
            Rewound = rewound ? new Dictionary<string, long> { [Topics.ActivityDeltas] = 0 } : new Dictionary<string, long>(),
        };
        var reducer = new ActivityReducer(
            context,
            _log,
            _time,
            Options.Create(new ActivityOptions()),
            new ActivityMetrics(TestEncoders.Meters),
            NullLogger<ActivityReducer>.Instance);
        await reducer.StartAsync(TestContext.Current.CancellationToken);
        return reducer;
    }

    private StreamRecord Delta(params string[] items)
    {
        foreach (var item in items)
        {
            _accumulator.Add(_offset, 1_700_000_000_000, item, []);
        }

        var delta = _accumulator.Cut(++_offset)[0];
        delta.ItemPartition = 2;
        return _log.Append(Topics.ActivityDeltas, 2, null, delta, DateTimeOffset.UnixEpoch);
    }
}
