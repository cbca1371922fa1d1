using System.Diagnostics;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using Strata.Contracts.Common.V1;
using Strata.Featurizer.Embeddings.Core;
using Strata.Numerics;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Strata.Featurizer.Embeddings;

/// <summary>
/// A sentence encoder of the BERT family in ONNX. One text a call and no padding: with int8 weights the scale of the activations is taken
/// over the whole batch, so in a batch a text's vector would depend on its neighbours. One thread a call, as many calls side by side as
/// there are cores.
/// </summary>
public sealed class OnnxEncoder : IEncoder, IDisposable
{
    private readonly EmbeddingsOptions _options;
    private readonly EmbeddingsMetrics _metrics;
    private readonly BertTokens _tokens;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly SemaphoreSlim _turns;
    private readonly int _concurrency;
    private readonly string _output;
    private volatile bool _disposed;

    public OnnxEncoder(IOptions<EmbeddingsOptions> options, EmbeddingsMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _metrics = metrics;
        _tokens = new BertTokens(_options.PathOf(EncoderFiles.Vocabulary));
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        };
        _session = new InferenceSession(_options.PathOf(EncoderFiles.Model), settings);
        _output = _session.OutputNames.Contains("last_hidden_state") ? "last_hidden_state" : _session.OutputNames[0];
        _concurrency = _options.Concurrency > 0 ? _options.Concurrency : Environment.ProcessorCount;
        _turns = new SemaphoreSlim(_concurrency, _concurrency);
    }

    /// <inheritdoc />
    public string Name => _options.Name;

    /// <inheritdoc />
    public ValueTask<Vector> EncodePassageAsync(string text, CancellationToken cancellationToken)
        => EncodeAsync(_options.PassagePrefix + text, cancellationToken);

    /// <inheritdoc />
    public ValueTask<Vector> EncodeQueryAsync(string text, CancellationToken cancellationToken)
        => EncodeAsync(_options.QueryPrefix + text, cancellationToken);

    /// <summary>
    /// Waits for the texts that are inside the model, which would take the process down without it; turns away those that wait.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        for (var turn = 0; turn < _concurrency; turn++)
        {
            _turns.Wait();
        }

        _session.Dispose();
        _run.Dispose();
        _turns.Release(_concurrency);
    }

    /// <summary>Token ids of a text as it is, without prefix.</summary>
    internal long[] Tokens(string text) => _tokens.Encode(text, _options.MaxTokens);

    /// <summary>Mean of the tokens' last hidden states, scaled to unit length. Runs on the calling thread.</summary>
    internal float[] Run(long[] tokens)
    {
        long[] shape = [1, tokens.Length];
        var mask = new long[tokens.Length];
        Array.Fill(mask, 1);
        var inputs = new Dictionary<string, OrtValue>(3);
        try
        {
            foreach (var name in _session.InputNames)
            {
                var values = name switch
                {
                    "input_ids" => tokens,
                    "attention_mask" => mask,
                    "token_type_ids" => new long[tokens.Length],
                    _ => throw new NotSupportedException(
                        $"Encoder {Name} wants an input '{name}'; known are input_ids, attention_mask and token_type_ids."),
                };
                inputs[name] = OrtValue.CreateTensorValueFromMemory(values, shape);
            }

            using var outputs = _session.Run(_run, inputs, [_output]);
            return Pool(outputs[0].GetTensorDataAsSpan<float>(), tokens.Length);
        }
        finally
        {
            foreach (var input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    private async ValueTask<Vector> EncodeAsync(string text, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var started = Stopwatch.GetTimestamp();

            // Off the caller's thread, so that a caller that starts several gets them side by side.
            var vector = await Task.Run(() => Run(Tokens(text)), cancellationToken);
            _metrics.Encoded(Name, Stopwatch.GetElapsedTime(started));
            return Vectors.ToVector(vector);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static float[] Pool(ReadOnlySpan<float> states, int tokens)
    {
        var dimensions = states.Length / tokens;
        var mean = new float[dimensions];
        for (var token = 0; token < tokens; token++)
        {
            VectorMath.AddScaled(mean, states.Slice(token * dimensions, dimensions), 1f / tokens);
        }

        VectorMath.TryNormalize(mean);
        return mean;
    }
}
