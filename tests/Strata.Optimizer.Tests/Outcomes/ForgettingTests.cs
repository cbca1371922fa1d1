using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>What a forgotten user was shown is not counted any more, whether it waits, is on its way or is read again.</summary>
[Trait("height", "harness")]
public sealed class ForgettingTests
{
    private const string User = "u";

    private static readonly string Mark = ForgottenMarksOver.KeyOf(User, "policy");
    private static readonly Dictionary<string, ulong> Logs = new() { [Topics.Impressions] = 11, [Topics.Events] = 12 };

    private readonly InMemoryLog _log = new();
    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _clock = new(Scene.Start);
    private readonly OutcomesOptions _options = new();
    private readonly RecordingOutput _output = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forget_TakesCountsAndWhatWaits_AndLaterImpressionsCountAnew()
    {
        var handler = await StartAsync();
        await ResolveAsync(handler, Slate("counted", 0));
        Assert.Contains(Keys.UserPolicy(User), _store.Values.Keys);
        await handler.HandleAsync([Slate("waiting", 40), Slate("others", 40, "x")], _output, Cancel);
        var sent = _output.Sent.Count;

        await handler.HandleAsync([Forget(45)], _output, Cancel);
        Assert.Equal([Mark], _store.Values.Keys);
        await ResolveAsync(handler, Slate("on its way", 44));

        Assert.Equal([Mark, Keys.UserPolicy("x")], _store.Values.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(sent + 1, _output.Sent.Count);

        await ResolveAsync(handler, Slate("of after", 46));

        Assert.Equal(1, Counts().Shown[0], 0.01);
        Assert.NotNull(Counts().Forgotten);
    }

    [Fact]
    public async Task Forget_ReadAgain_TakesNothingFromOneWhoIsBack_AndReadingFromTheStartBringsNothingBack()
    {
        var handler = await StartAsync();
        StreamRecord[] all = [Slate("of before", 0), Forget(45), Slate("of after", 46)];
        await ResolveAsync(handler, all);
        var counts = Counts();
        var again = await StartAsync();
        await ResolveAsync(again, all[1]);
        Assert.Equal(counts, Counts());
        _store.Values.Remove(Keys.UserPolicy(User));

        await ResolveAsync(await StartAsync(), all);

        Assert.Equal(counts, Counts());
    }

    private UserPolicy Counts() => UserPolicy.Parser.ParseFrom(FencedValue.Payload(_store.Values[Keys.UserPolicy(User)]).Span);

    /// <summary>Hands records over and lets the time of what waits run out.</summary>
    private async Task ResolveAsync(OutcomeHandler handler, params StreamRecord[] records)
    {
        foreach (var record in records)
        {
            await handler.HandleAsync([record], _output, Cancel);
        }

        _clock.Advance(_options.Window + _options.Lateness);
        await handler.IdleAsync(_output, Cancel);
    }

    private async Task<OutcomeHandler> StartAsync()
    {
        var context = new PartitionContext("outcomes", 0, Logs, new Dictionary<string, long>());
        var handler = OutcomeHandlers.Over(context, _options, _store, _log, _clock);
        await handler.StartAsync(Cancel);
        return handler;
    }

    private StreamRecord Slate(string request, double minutes, string user = User)
        => _log.Append(Topics.Impressions, 0, user, Scene.Impression(request, user, minutes, "a"), Scene.Start.AddMinutes(minutes));

    private StreamRecord Forget(double minutes)
    {
        var at = Timestamp.FromDateTimeOffset(Scene.Start.AddMinutes(minutes));
        var order = new UserEvent { EventId = "f", UserId = User, Kind = EventKind.Forget, EventTime = at, ReceivedTime = at };
        return _log.Append(Topics.Events, 0, User, order, at.ToDateTimeOffset());
    }
}
