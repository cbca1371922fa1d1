using Microsoft.Extensions.Options;
using Strata.Contracts.Features.V1;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Embeddings;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Vector = Strata.Contracts.Common.V1.Vector;

namespace Strata.Featurizer.Answers;

/// <summary>
/// Follows strata.item-features.v1 and takes queries as what answers them: a search is to land in the layer of the items that it finds.
/// What was found travels with the point, so nobody needs to find it again.
/// </summary>
internal sealed class AnswerTable(IEncoder encoder, IOptions<AnswersOptions> options) : ITableHandler
{
    private readonly AnswerIndex _index = new(options.Value);
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Task<float[]>? _queries;

    /// <summary>
    /// What a query is taken as; null when nothing answers it. Waits until the catalogue has been read to the end that it had at the start.
    /// </summary>
    public async ValueTask<Vector?> AnswerAsync(Vector query, CancellationToken cancellationToken)
    {
        await _caughtUp.Task.WaitAsync(cancellationToken);
        return _index.Answer(query, await QueriesAsync().WaitAsync(cancellationToken));
    }

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
        {
            Apply(record);
        }

        _index.Publish();
        return ValueTask.CompletedTask;
    }

    public void CaughtUp() => _caughtUp.TrySetResult();

    private void Apply(StreamRecord record)
    {
        if (record.Key is not { } id)
        {
            return;
        }

        // Vectors of another encoder cannot be compared with this one's queries.
        if (record.TryParse(ItemFeatures.Parser, out var features, out _)
            && features is { Embedding.Codes.IsEmpty: false } && features.Encoder == encoder.Name)
        {
            _index.Put(id, features.Embedding);
        }
        else
        {
            _index.Remove(id);
        }
    }

    // Once for the process; again after a fault.
    private Task<float[]> QueriesAsync()
    {
        lock (_gate)
        {
            if (_queries is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _queries = PlainQueries.MeanAsync(query => encoder.EncodeQueryAsync(query, CancellationToken.None));
            }

            return _queries;
        }
    }
}
