using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Holdings;
using Strata.Ranking.Tests.Serving;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;
using Strata.Testing.Doubles;

namespace Strata.Ranking.Tests.Holdings;

[Trait("height", "harness")]
public sealed class UserForgettingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-forgetting-");

    private string KeysFile => Path.Combine(_folder.FullName, "pseudonyms.keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Forget_WhileTheKeyIsRotated_IsOrderedUnderTheNewNameToo()
    {
        await File.WriteAllTextAsync(KeysFile, Line("first", 1), TestContext.Current.CancellationToken);
        using var world = new ServiceWorld(new World());
        var names = new UserNames(
            Options.Create(new PseudonymsOptions { KeysFile = KeysFile }), world.Clock, NullLogger<UserNames>.Instance);
        var before = names.AllOf("ann");
        world.Publisher.Acknowledge = async (topic, name, value) =>
        {
            if (topic == Topics.Events)
            {
                Follow(world, (UserEvent)value!);
                await File.WriteAllTextAsync(KeysFile, Line("second", 2) + Line("first", 1));
                world.Clock.Advance(TimeSpan.FromSeconds(2));
            }
        };
        var marks = ForgottenMarksOver.Store(world.Store);
        var forgetting = new UserForgetting(
            world.Publisher,
            new UserLook(world.Users, ForgottenMarksOver.Keys, names, new NoLogs(), new FourPartitions()),
            new UserPlaces(new NoAges(), marks),
            ForgottenMarksOver.Keys,
            names,
            world.World.Catalogue,
            new ForgetClock(() => null),
            Options.Create(new HoldingsOptions()),
            world.Clock);

        var receipt = await forgetting.ForgetAsync("ann", withConsent: true, TestContext.Current.CancellationToken);

        Assert.Single(before);
        Assert.Equal(before.Concat(names.AllOf("ann").Take(1)), world.Publisher.Of<UserEvent>(Topics.Events).Select(order => order.UserId));

        // Once with the order, and once more when all marks are there: attributes of one name may have been on their way to another.
        Assert.Equal(4, world.Publisher.Messages.Count(message => message is { Topic: Topics.Users, Value: null }));
        Assert.Equal(Topics.Users, world.Publisher.Messages[^1].Topic);
        Assert.NotNull(receipt.Done);
    }

    private static string Line(string name, byte secret) => $"{name} {Convert.ToBase64String([.. Enumerable.Repeat(secret, 32)])}\n";

    /// <summary>Plays the owners: each leaves its mark.</summary>
    private static void Follow(ServiceWorld world, UserEvent order)
    {
        var asked = order.ReceivedTime.ToDateTimeOffset().ToUnixTimeMilliseconds();
        foreach (var kind in new[] { "profile", "layers", "policy" })
        {
            world.Store.Values[ForgottenMarksOver.KeyOf(order.UserId, kind)]
                = FencedValue.Encode([default], new Forgotten { EventTimeUnixMs = asked, AskedUnixMs = asked }.ToByteArray());
        }
    }

    private sealed class NoLogs : IPartitionReader
    {
        public IAsyncEnumerable<StreamRecord> ReadToEndAsync(string topic, int partition, CancellationToken cancellationToken)
            => AsyncEnumerable.Empty<StreamRecord>();

        public IAsyncEnumerable<StreamRecord> ReadSinceAsync(
            string topic, int partition, DateTimeOffset since, CancellationToken cancellationToken)
            => AsyncEnumerable.Empty<StreamRecord>();

        public ValueTask<IReadOnlyDictionary<long, StreamRecord>> ReadAtAsync(
            string topic, int partition, IReadOnlyCollection<long> offsets, CancellationToken cancellationToken)
            => ValueTask.FromResult<IReadOnlyDictionary<long, StreamRecord>>(new Dictionary<long, StreamRecord>());
    }

    private sealed class FourPartitions : ITopics
    {
        public ValueTask<int> PartitionsAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult(4);

        public ValueTask<ulong> LogAsync(string topic, int partition, CancellationToken cancellationToken) => ValueTask.FromResult(1ul);
    }

    private sealed class NoAges : ITopicAges
    {
        public ValueTask<TimeSpan?> LongestAsync(string topic, CancellationToken cancellationToken)
            => ValueTask.FromResult<TimeSpan?>(null);
    }
}
