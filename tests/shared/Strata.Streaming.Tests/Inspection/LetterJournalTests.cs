using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Streaming.Connecting;
using Strata.Streaming.Inspection;
using Strata.Streaming.Tests.Harness;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Inspection;

/// <summary>Whoever looks at dead letters again and again has only what is new read.</summary>
[Trait("height", "embedded")]
public sealed class LetterJournalTests : IAsyncDisposable
{
    private static readonly string[] Watched = [Topics.Events, Topics.Items];

    private readonly IBroker _broker = BrokerChoice.Embedded();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LetterBox _box;

    public LetterJournalTests() => _box = new LetterBox(ClientSettings.Of(_broker.BootstrapServers, null));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task ReadOn_FromWhereAReadingEnded_HasOnlyWhatCameSince()
    {
        using var kafka = new KafkaTool(_broker);
        await SetAsideAsync(kafka, Topics.Events, "first");
        await SetAsideAsync(kafka, Topics.Items, "second");

        var all = _box.ReadOn(Watched, new Dictionary<TopicPartition, long>(), Cancel);
        await SetAsideAsync(kafka, Topics.Events, "third");
        var since = _box.ReadOn(Watched, all.Next, Cancel);

        Assert.Equal(["first", "second"], all.Letters.Select(letter => letter.Letter.Reason).Order());
        Assert.Equal("third", Assert.Single(since.Letters).Letter.Reason);
        Assert.Equal(all.Next.Keys.Count, since.Next.Keys.Count);
    }

    [Fact]
    public async Task Journal_AskedAgain_IsTheSameStateUntilALetterComesOrIsSettled()
    {
        using var kafka = new KafkaTool(_broker);
        using var journal = new LetterJournal(_box, most: 2, _time);
        await SetAsideAsync(kafka, Topics.Events, "first");

        var (one, letters) = await journal.ReadAsync(Cancel);
        var (same, _) = await journal.ReadAsync(Cancel);
        await SetAsideAsync(kafka, Topics.Events, "second");
        var (two, both) = await journal.ReadAsync(Cancel);
        await _box.DiscardAsync(_box.Read(Watched, Cancel).Single(letter => letter.Letter.Reason == "first"));
        var (three, settled) = await journal.ReadAsync(Cancel);
        await SetAsideAsync(kafka, Topics.Items, "third");
        var (_, newest) = await journal.ReadAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(1.1));
        var (anew, read) = await journal.ReadAsync(Cancel);

        Assert.Equal((one, "first", null), (same, Assert.Single(letters).Reason, letters[0].Settled));
        Assert.Equal(["first", "second"], both.Select(letter => letter.Reason));
        Assert.Equal(["discarded", null], settled.Select(letter => letter.Settled));
        Assert.Equal(["second", "third"], newest.Select(letter => letter.Reason));
        Assert.Equal(["second", "third"], read.Select(letter => letter.Reason));
        Assert.True(one > 0 && two > one && three > two && anew > three);
    }

    [Fact]
    public async Task Find_SomeOfMany_AreThoseWithTheirMarks()
    {
        using var kafka = new KafkaTool(_broker);
        foreach (var reason in new[] { "first", "second", "third" })
        {
            await SetAsideAsync(kafka, Topics.Events, reason);
        }

        var desk = new LetterDesk(_box);
        var letters = (await desk.ReadAsync(Topics.Events, Cancel)).ToDictionary(letter => letter.Letter.Reason);
        await desk.DiscardAsync(letters["second"]);
        var found = await desk.FindAsync([letters["third"].Id, letters["second"].Id], Cancel);
        var unknown = await Assert.ThrowsAsync<InvalidDataException>(() => desk.FindAsync([$"{Topics.Events}/0/99", "nonsense"], Cancel));

        Assert.Equal([("third", null), ("second", "discarded")], found.Select(letter => (letter.Letter.Reason, letter.Settled)));
        Assert.Contains("There is no dead letter strata.events.v1/0/99", unknown.Message, StringComparison.Ordinal);
    }

    private static async Task SetAsideAsync(KafkaTool kafka, string topic, string reason) => await kafka.ProduceAsync(
        Topics.DeadLettersOf(topic), [], new DeadLetter { Topic = topic, Reason = reason }.ToByteArray(), partition: 0);
}
