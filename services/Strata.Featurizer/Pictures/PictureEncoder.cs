using System.Diagnostics;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings.Core;
using Strata.Featurizer.Pictures.Core;
using Strata.Numerics;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Strata.Featurizer.Pictures;

/// <summary>
/// Turns pictures into vectors by an ONNX model, which is loaded for the first of them. The same bytes always have the same vector,
/// whatever else is encoded beside them: one picture and one thread a call.
/// </summary>
internal sealed class PictureEncoder : IDisposable
{
    private readonly PicturesOptions _options;
    private readonly PicturesMetrics _metrics;
    private readonly Lazy<InferenceSession> _session;
    private readonly RunOptions _run = new();
    private readonly SemaphoreSlim _turns;
    private readonly float[] _mean;
    private readonly float[] _deviation;
    private volatile bool _disposed;

    public PictureEncoder(IOptions<PicturesOptions> options, PicturesMetrics metrics)
    {
        _options = options.Value;
        _metrics = metrics;
        _session = new Lazy<InferenceSession>(Load);
        _turns = new SemaphoreSlim(_options.Concurrency, _options.Concurrency);
        _mean = [_options.MeanRed, _options.MeanGreen, _options.MeanBlue];
        _deviation = [_options.DeviationRed, _options.DeviationGreen, _options.DeviationBlue];
    }

    /// <summary>Name of the model.</summary>
    public string Name => _options.Name;

    /// <summary>True once a picture was encoded and the model is in memory.</summary>
    public bool IsLoaded => _session.IsValueCreated;

    /// <summary>
    /// The vector of an item's pictures, unit length, the mean where there are several; null where none can be used. The fault is that of
    /// the first that cannot, whether or not others can.
    /// </summary>
    public async ValueTask<(Vector? Vector, PictureFault Fault)> EncodeAsync(
        IReadOnlyList<ByteString> pictures, CancellationToken cancellationToken)
    {
        if (!_options.Enabled || pictures.Count == 0)
        {
            return (null, PictureFault.None);
        }

        var vectors = new List<Vector>(pictures.Count);
        var first = PictureFault.None;
        foreach (var picture in pictures)
        {
            var (vector, fault) = await EncodeAsync(picture, cancellationToken);
            if (vector is not null)
            {
                vectors.Add(vector);
                continue;
            }

            _metrics.Refused(fault);
            first = first == PictureFault.None ? fault : first;
        }

        return (vectors.Count == 0 ? null : Vectors.Mean(vectors), first);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;

        // Pictures inside the model would take the process down without it.
        for (var turn = 0; turn < _options.Concurrency; turn++)
        {
            _turns.Wait();
        }

        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }

        _run.Dispose();
        _turns.Release(_options.Concurrency); // whoever waited is told that it is over
    }

    private async ValueTask<(Vector? Vector, PictureFault Fault)> EncodeAsync(ByteString picture, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await Task.Run(() => Encode(picture), cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    private (Vector? Vector, PictureFault Fault) Encode(ByteString picture)
    {
        var started = Stopwatch.GetTimestamp();
        if (PictureDecoder.Decode(picture.Span, _options.Side, _options.MaxPixels, out var fault) is not { } pixels)
        {
            return (null, fault);
        }

        var vector = Vectors.ToVector(Run(PictureTensor.Of(pixels, _options.Channels, _mean, _deviation)));
        _metrics.Encoded(Stopwatch.GetElapsedTime(started));
        return (vector, PictureFault.None);
    }

    private float[] Run(float[] tensor)
    {
        long[] shape = [1, 3, _options.Side, _options.Side];
        using var input = OrtValue.CreateTensorValueFromMemory(tensor, shape);
        using var outputs = _session.Value.Run(_run, [_options.Input], [input], [_options.Output]);

        // [1, dimensions], or [1, dimensions, height, width].
        var values = outputs[0].GetTensorDataAsSpan<float>();
        var vector = new float[outputs[0].GetTensorTypeAndShape().Shape[1]];
        var places = values.Length / vector.Length;
        for (var i = 0; i < values.Length; i++)
        {
            vector[i / places] += values[i] / places;
        }

        VectorMath.TryNormalize(vector);
        return vector;
    }

    private InferenceSession Load()
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        };
        return new InferenceSession(_options.ModelPath, settings);
    }
}
