using Strata.Clustering.Assignment;
using Strata.Clustering.Layers;
using Strata.Clustering.Layers.Wire;
using Strata.Clustering.Points.Core;
using Strata.Clustering.Reducer.Core;
using Strata.Contracts.Features.V1;
using Strata.Numerics;
using Strata.Streaming.Records;
using Messages = Strata.Contracts.Layers.V1;

namespace Strata.Clustering.Tests.Schedules;

/// <summary>
/// The layers as one thread learns them from the logs of the points. Of the deltas it believes only the cuts (partition, from, to, version
/// of the set) and their order; their sums it counts again from the points, and the sets that they were assigned by are its own. What the
/// workers and the reducer have sent is compared with that, bit by bit.
/// </summary>
/// <param name="options">The reducer's.</param>
/// <param name="catalogue">Raw vectors of the items that the set was seeded from, in ascending id.</param>
public sealed class SequentialRun(LayersOptions options, IReadOnlyList<Int8Vector> catalogue)
{
    /// <summary>Versions kept to assign points by: more than any worker lags behind.</summary>
    private const int VersionsKept = 2048;

    private readonly Dictionary<(int Partition, long Offset), StreamRecord> _points = [];
    private readonly Dictionary<int, long> _ends = [];
    private readonly Dictionary<int, long> _next = [];
    private readonly Dictionary<ulong, (LayerSet Set, Assigner Assigner)> _sets = [];
    private readonly Dictionary<ulong, LayerSet> _published = [];
    private readonly LayerSetAssembler _assembler = new();
    private LayerStream? _stream;

    /// <summary>Deltas whose points count.</summary>
    public int Deltas { get; private set; }

    /// <summary>Deltas that lie in the log again.</summary>
    public int Duplicates { get; private set; }

    public long Points { get; private set; }

    /// <summary>Published versions that are, bit for bit, those of this run.</summary>
    public int Versions { get; private set; }

    public int Moves { get; private set; }

    /// <summary>Those of the moves that an operator asked for.</summary>
    public int OperatorMoves { get; private set; }

    /// <summary>The largest number of versions between the set that a delta was assigned by and the one that it went into.</summary>
    public ulong Staleness { get; private set; }

    public LayerSet Set => _stream?.Set ?? throw new InvalidOperationException("There is no set yet.");

    /// <summary>Takes a record of strata.interest-points.v1.</summary>
    public void AddPoint(StreamRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _points.Add((record.Partition, record.Offset), record);
        _ends[record.Partition] = record.Offset + 1;
    }

    /// <summary>Takes a record of strata.layers.v1; all that a delta was assigned by come before it.</summary>
    public void AddLayer(StreamRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!_assembler.Add(record) || _assembler.Newest is not { } set)
        {
            return;
        }

        if (_stream is null)
        {
            _stream = new LayerStream(set, options);
            _stream.Show(catalogue);
            Keep(set);
        }
        else if (set.Seeding != _stream.Set.Seeding)
        {
            throw new InvalidDataException($"version {set.Version} was seeded anew; a sequential run has one seeding");
        }
        else
        {
            // The same version may come again, with other names.
            _published[set.Version] = set;
            if (_sets.TryGetValue(set.Version, out var own))
            {
                Compare(own.Set);
            }
        }
    }

    /// <summary>Takes a record of strata.layer-deltas.v1.</summary>
    /// <exception cref="InvalidDataException">It is not what this run makes of the same points.</exception>
    public void AddDelta(StreamRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!LayerCommandCodec.TryRead(record, out var message, out var command, out var reason))
        {
            throw new InvalidDataException($"the record at {record.Offset} of the deltas' log is none: {reason}");
        }

        if (message is null)
        {
            Make(LayerCommandCodec.MoveOf(command!));
            return;
        }

        var next = _next.GetValueOrDefault(message.Partition);
        if (message.From == next)
        {
            Count(record.Offset, Recount(message));
        }
        else if (message.To <= next)
        {
            // Its points count once; its samples are looked at wherever it lies.
            _stream!.Recall(record.Offset, LayerDeltaCodec.FromMessage(message));
            Duplicates++;
        }
        else
        {
            throw new InvalidDataException(
                $"the deltas do not tile partition {message.Partition}: [{message.From}, {message.To}) where {next} is next");
        }
    }

    /// <summary>Checks that every point has been counted and every published version was met.</summary>
    /// <exception cref="InvalidDataException">Something is missing.</exception>
    public void Finish()
    {
        foreach (var (partition, end) in _ends)
        {
            if (_next.GetValueOrDefault(partition) is var next && next != end)
            {
                throw new InvalidDataException($"the deltas of partition {partition} end at {next}, its points at {end}");
            }
        }

        Compare(Set);
        if (_published.Count > 0)
        {
            throw new InvalidDataException(
                $"published, and not made by this run: {string.Join(", ", _published.Keys.Order())}; this run is at version {Set.Version}");
        }
    }

    private void Make(RequestedMove? request)
    {
        // A request to seed comes before the first set; a sequential run has no other seeding.
        if (request is not null && _stream!.Make(request).Move is not null)
        {
            Moves++;
            OperatorMoves++;
            Keep(Set);
            Compare(Set);
        }
    }

    private void Count(long offset, LayerDelta delta)
    {
        Deltas++;
        Points += delta.Points;
        Staleness = Math.Max(Staleness, Set.Version - delta.LayerSetVersion);
        _next[delta.Partition] = delta.To;
        Moves += _stream!.Absorb(offset, delta).Moves.Count;
        Keep(Set);
        Compare(Set);
    }

    private LayerDelta Recount(Messages.LayerDelta message)
    {
        var (set, assigner) = _sets.TryGetValue(message.LayerSetVersion, out var known)
            ? known
            : throw new InvalidDataException(
                $"a delta of partition {message.Partition} was assigned by version {message.LayerSetVersion}, which never was");
        var accumulator = new DeltaAccumulator(set);
        var (centred, nearest, time) = (new float[set.Dimensions], new Nearest[1], 0L);
        for (var offset = message.From; offset < message.To; offset++)
        {
            // Transactions leave offsets without a record behind.
            if (!_points.Remove((message.Partition, offset), out var record)
                || InterestPoint.Parser.ParseFrom(record.Value!.Value.Span) is not { Weight: > 0, UserOnly: false } point)
            {
                continue;
            }

            var vector = new Int8Vector(point.Vector.Codes.Memory, point.Vector.Scale);
            if (vector.TryCentre(set.Mean.Span, centred))
            {
                assigner.Assign(centred, nearest);
                accumulator.Add(nearest[0], centred, vector, offset, point.Query);
                time = Math.Max(time, point.EventTimeUnixMs);
            }
        }

        var delta = accumulator.ToDelta(message.Partition, message.Log, message.From, message.To, time);
        if (message.Rows.Any(row => row.Offset < message.From || row.Offset >= message.To))
        {
            throw new InvalidDataException($"a row of the delta [{message.From}, {message.To}) is of another one's point");
        }

        // Rows are as users stood when their points were read last: after a crash that is later than the first time.
        var points = message.Clone();
        points.Rows.Clear();
        return LayerDeltaCodec.ToMessage(delta).Equals(points)
            ? delta
            : throw new InvalidDataException(
                $"the delta [{message.From}, {message.To}) of partition {message.Partition} "
                + $"is not the sum of its points by version {message.LayerSetVersion}");
    }

    private void Keep(LayerSet set)
    {
        _sets[set.Version] = (set, new Assigner(set));
        _sets.Remove(set.Version - VersionsKept);
    }

    private void Compare(LayerSet set)
    {
        if (!_published.Remove(set.Version, out var published))
        {
            return;
        }

        if (LayerSetBits.Difference(set, published) is { } difference)
        {
            throw new InvalidDataException($"what was published is not what the same cuts give one after the other: {difference}");
        }

        Versions++;
    }
}
