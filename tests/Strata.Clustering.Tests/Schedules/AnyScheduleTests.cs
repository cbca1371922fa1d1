using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Clustering.Points.Core;
using Strata.Contracts;
using Strata.ServiceDefaults.State;
using Strata.Numerics;
using Strata.Streaming.Records;
using Messages = Strata.Contracts.Layers.V1;

namespace Strata.Clustering.Tests.Schedules;

/// <summary>
/// Whatever happens in whatever order (crashes of workers and of the reducer, partitions that change hands with and without notice, late
/// commits, deltas that come again late, moves that an operator asks for), the layers are those of a sequential run with the same cuts, and
/// every point counts once for its user.
/// </summary>
[Trait("height", "harness")]
public sealed class AnyScheduleTests(ITestOutputHelper output)
{
    private const int Partitions = 5;
    private const int Points = 500;
    private const int Users = 7;
    private const long Start = 1_700_000_000_000;

    // Tight limits: layers move often, and what a reducer must read again is short.
    private static readonly LayersOptions Layers = new()
    {
        Layers = 8,
        EpochPoints = 32,
        HalfLifePoints = 200,
        MoveGain = 1,
        MoveAge = 0,
        MoveMembers = 8,
        Samples = 200,
    };

    private static readonly PointsOptions Epochs = new()
    {
        EpochPoints = 16,
        EpochEventTime = TimeSpan.FromHours(1),
        StaleEpochs = 4,
    };

    private static readonly Lazy<IReadOnlyList<StreamRecord>> Items = new(() =>
    {
        var pipeline = new Pipeline();
        pipeline.FillCatalogueAsync(new TopicWorld(8, 32, .4, 1).Take(300)
            .Select((p, i) => ($"item{i:D5}", $"topic{p.Topic} thing", p.Vector))).GetAwaiter().GetResult();
        return pipeline.Logs.From(Topics.ItemFeatures, 0, 0);
    });

    private static readonly Lazy<IReadOnlyList<Int8Vector>> Catalogue = new(
        () => [.. new TopicWorld(8, 32, .4, 1).Take(300).Select(p => p.Vector)]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void AnySchedule_OfSoManyWorkers_GivesTheLayersOfASequentialRun(int workers)
    {
        var (moves, asked, duplicates, waits, fenced, deltas, versions) = (0, 0, 0, 0, 0, 0, 0);
        for (var seed = 0; seed < 100; seed++)
        {
            var fleet = new Fleet(workers, Partitions, Layers, Epochs);
            fleet.Seed(Items.Value);
            Play(fleet, new Random((workers * 1000) + seed));
            fleet.Finish();

            var run = Replay(fleet, seed);
            AssertEveryPointCountsOnceForItsUser(fleet);
            (moves, duplicates) = (moves + run.Moves, duplicates + run.Duplicates);
            (waits, fenced) = (waits + fleet.Waits, fenced + fleet.Fenced);
            (deltas, versions, asked) = (deltas + run.Deltas, versions + run.Versions, asked + run.OperatorMoves);
        }

        output.WriteLine(
            $"{workers} workers, 100 schedules: {deltas} deltas, {versions} versions equal to the bit, {duplicates} duplicates, "
            + $"{moves} moves, {asked} of them asked for, {waits} waits, {fenced} fenced");
        Assert.True(asked > 20, $"{asked} moves that were asked for: the schedules are too tame");
        Assert.True(moves > 50, $"{moves} moves: the schedules are too tame");
        Assert.All([duplicates, waits], count => Assert.True(count > 100, $"{count}: the schedules are too tame"));
    }

    private static void Play(Fleet fleet, Random random)
    {
        var world = new TopicWorld(8, 32, .4, 1);
        var produced = 0;
        while (produced < Points)
        {
            var worker = fleet.Workers[random.Next(fleet.Workers.Count)];
            var partition = random.Next(fleet.Partitions);
            switch (random.Next(100))
            {
                case < 20:
                    for (var i = random.Next(1, 40); i > 0 && produced < Points; i--, produced++)
                    {
                        Produce(fleet, world, partition, produced, random);
                    }

                    break;
                case < 45:
                    foreach (var held in worker.Shares.Keys.ToArray())
                    {
                        fleet.Handle(worker, held, random.Next(1, 50));
                    }

                    break;
                case < 57:
                    // One transaction takes all partitions of a process.
                    worker.Shares.Values.ToList().ForEach(share => share.Commit());
                    break;
                case < 70:
                    fleet.Reduce(random.Next(1, 8));
                    break;
                case < 78:
                    fleet.CommitReducer();
                    break;
                case < 89:
                    fleet.ReadLayers(worker, random.Next(1, 30));
                    break;
                case < 91:
                    fleet.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(100, 1500)));
                    worker.Shares.Values.ToList().ForEach(fleet.Idle);
                    break;
                case < 93:
                    fleet.Repeat(random);
                    break;
                case < 94:
                    fleet.Move(partition, worker);
                    break;
                case < 95:
                    fleet.Give(partition, worker);
                    break;
                case < 97:
                    fleet.Kill(worker, _ => fleet.Workers[random.Next(fleet.Workers.Count)]);
                    break;
                case < 99:
                    fleet.StartReducer();
                    break;
                default:
                    AskForMove(fleet, worker, random);
                    break;
            }
        }
    }

    /// <summary>An operator asks for a split of a layer, or for a merge of two, that live as far as a worker knows.</summary>
    private static void AskForMove(Fleet fleet, Worker worker, Random random)
    {
        if (worker.Layers.Current?.Set.Layers is { } layers)
        {
            var into = random.Next(2) == 0 ? 0 : layers[random.Next(layers.Length)].Id;
            var command = new Messages.LayerCommand
            {
                Move = new() { LayerId = layers[random.Next(layers.Length)].Id, IntoLayerId = into },
            };
            fleet.Logs.Append(Topics.LayerDeltas, 0, Keys.LayerCommand, command, fleet.Clock.GetUtcNow());
        }
    }

    private static void Produce(Fleet fleet, TopicWorld world, int partition, int number, Random random)
    {
        if (number % 100 == 99)
        {
            world.Replace(number / 100 % world.Topics);
        }

        // All within a moment, so that weights add up undecayed; now and then a jump that cuts an epoch by event time.
        var time = Start + number + (number / 250 * 4_000_000L);
        var user = $"user{partition}-{random.Next(Users)}";
        var message = Pipeline.Point(user, world.Next().Vector, 1, time);
        fleet.Logs.Append(Topics.InterestPoints, partition, user, message, DateTimeOffset.FromUnixTimeMilliseconds(time));
    }

    private static SequentialRun Replay(Fleet fleet, int seed)
    {
        var run = new SequentialRun(Layers, Catalogue.Value);
        try
        {
            for (var partition = 0; partition < fleet.Partitions; partition++)
            {
                foreach (var record in fleet.Logs.From(Topics.InterestPoints, partition, 0))
                {
                    run.AddPoint(record);
                }
            }

            foreach (var record in fleet.Logs.From(Topics.Layers, 0, 0))
            {
                run.AddLayer(record);
            }

            foreach (var record in fleet.Logs.From(Topics.LayerDeltas, 0, 0))
            {
                run.AddDelta(record);
            }

            run.Finish();
        }
        catch (InvalidDataException fault)
        {
            Assert.Fail($"schedule {seed} of {fleet.Workers.Count} workers: {fault.Message}");
        }

        return run;
    }

    private static void AssertEveryPointCountsOnceForItsUser(Fleet fleet)
    {
        var counts = Enumerable.Range(0, fleet.Partitions).SelectMany(partition => fleet.Logs.From(Topics.InterestPoints, partition, 0))
            .CountBy(record => record.Key!);
        foreach (var (user, points) in counts)
        {
            var value = fleet.Store.Values[Keys.UserLayers(user)];
            Assert.True(value.Length <= 256);
            Assert.InRange(
                UserWeightsCodec.Decode(FencedValue.Payload(value)).Entries.Sum(entry => entry.LongTerm), points * .98f, points * 1.001f);
        }
    }
}
