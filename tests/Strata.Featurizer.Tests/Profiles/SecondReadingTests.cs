using CsCheck;
using Google.Protobuf;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Profiles;

/// <summary>Every event counts once, however often it is read and however the log is cut into batches.</summary>
[Trait("height", "harness")]
public sealed class SecondReadingTests
{
    private const int Events = 150;

    private sealed class CrashException : Exception;

    [Fact]
    public async Task HandleAsync_CrashBetweenStoreAndCommit_SendsTheSameBytesAgainAndLeavesTheProfiles()
    {
        using var world = new ProfilesWorld();
        world.RandomEvents(11, 80);
        var handler = world.Handler();
        var output = new RecordingOutput();
        await handler.StartAsync(TestContext.Current.CancellationToken);
        await handler.HandleAsync([.. world.Log.From(Topics.Events, 0, 0).Take(40)], output, TestContext.Current.CancellationToken);
        output.FailCommits = new CrashException();
        await Assert.ThrowsAsync<CrashException>(
            async () => await handler.HandleAsync(world.Log.From(Topics.Events, 0, 40), output, TestContext.Current.CancellationToken));
        var stored = Copy(world.Store);

        var second = await world.RunAsync(world.Handler(committed: 40), 40);

        Assert.True(second.Sent.Count > 30);
        Assert.Equal(Bytes(output.Pending), Bytes(second.Sent));
        Assert.Equal(stored.Values, world.Store.Values);
    }

    [Fact]
    public Task HandleAsync_AnyCutIntoBatches_GivesTheSameProfilesPointsAndActivity()
        => Gen.Select(Gen.Int[0, 1_000], Gen.Int[1, 40].Array[1, 8]).SampleAsync(
            async (seed, sizes) =>
            {
                using var whole = new ProfilesWorld();
                whole.RandomEvents(seed, Events, forgets: true);
                using var cut = new ProfilesWorld { Log = whole.Log };
                cut.Options_.CachedProfiles = 3;
                cut.Options_.UndoLimit = 1 + (seed % 12);

                var expected = await whole.RunAsync(whole.Handler(), 0);
                var actual = await cut.RunAsync(cut.Handler(), 0, sizes);

                Assert.Equal(ProfilesWorld.Snapshot(whole.Store), ProfilesWorld.Snapshot(cut.Store));
                Assert.Equal(ProfilesWorld.Points(expected.Sent), ProfilesWorld.Points(actual.Sent));
                ProfilesWorld.AssertSame(whole.Activity(expected.Sent), cut.Activity(actual.Sent));
            },
            iter: 30);

    [Fact]
    public Task HandleAsync_CrashesAnywhereAndAStoreThatFallsBack_CountEveryEventOnce()
        => Gen.Int[0, 100_000].SampleAsync(
            async seed =>
            {
                using var calm = new ProfilesWorld();
                calm.RandomEvents(seed, Events, forgets: true);
                var expected = await calm.RunAsync(calm.Handler(), 0);
                using var stormy = new ProfilesWorld { Log = calm.Log };
                stormy.Options_.UndoLimit = 8;

                var sent = await StormAsync(stormy, new Random(seed));

                Assert.Equal(ProfilesWorld.Snapshot(calm.Store), ProfilesWorld.Snapshot(stormy.Store));
                Assert.Equal(ProfilesWorld.Points(expected.Sent), ProfilesWorld.Points(sent));
                ProfilesWorld.AssertSame(calm.Activity(expected.Sent), stormy.Activity(sent));
            },
            iter: 60);

    /// <summary>
    /// Handlers that crash in the store or before a commit, one in three on a store that has lost its last writes; returns what was
    /// committed.
    /// </summary>
    private static async Task<List<SentMessage>> StormAsync(ProfilesWorld world, Random chance)
    {
        var sent = new List<SentMessage>();
        var committed = 0L;
        var older = Copy(world.Store);
        for (var life = 0; committed < Events; life++)
        {
            if (life > 0 && chance.Next(3) == 0)
            {
                Restore(world.Store, older);
            }

            var output = new RecordingOutput();
            var handler = world.Handler(committed: committed);
            var start = await handler.StartAsync(CancellationToken.None);
            var from = Math.Min(committed, start[Topics.Events]);
            var batches = chance.Next(1, 6);
            try
            {
                for (var batch = 0; batch < batches; batch++)
                {
                    if (chance.Next(4) == 0)
                    {
                        older = Copy(world.Store);
                    }

                    output.FailCommits = batch == batches - 1 && life < 40 && chance.Next(2) == 0 ? new CrashException() : null;
                    world.Store.FailWrites = batch == batches - 1 && life < 40 && chance.Next(2) == 0
                        ? (chance.Next(4), new CrashException())
                        : null;
                    var records = world.Log.From(Topics.Events, 0, from).Take(chance.Next(1, 30)).ToArray();
                    if (records.Length > 0)
                    {
                        await handler.HandleAsync(records, output, CancellationToken.None);
                        from += records.Length;
                    }
                }
            }
            catch (CrashException)
            {
                world.Store.FailWrites = null;
            }

            sent.AddRange(output.Sent);
            committed = Math.Max(committed, output.Committed(Topics.Events));
        }

        return sent;
    }

    private static (Dictionary<string, byte[]> Values, Dictionary<string, Fence> Positions) Copy(InMemoryStateStore store)
        => (store.Values.ToDictionary(value => value.Key, value => value.Value.ToArray()), store.Positions.ToDictionary());

    private static void Restore(InMemoryStateStore store, (Dictionary<string, byte[]> Values, Dictionary<string, Fence> Positions) copy)
    {
        store.Values.Clear();
        store.Positions.Clear();
        foreach (var (key, value) in copy.Values)
        {
            store.Values[key] = value;
        }

        foreach (var (key, fence) in copy.Positions)
        {
            store.Positions[key] = fence;
        }
    }

    private static IEnumerable<string> Bytes(IEnumerable<SentMessage> sent)
        => sent.Select(message => $"{message.Topic} {message.Key} {message.Partition} {Convert.ToHexString(message.Value.ToByteArray())}");
}
