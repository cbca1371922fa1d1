using System.Diagnostics.CodeAnalysis;
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
internal sealed class AnswerTable(IEncoder encoder, IOptions<AnswersOptions> options, ILogger<AnswerTable> logger)
    : ITableHandler, IDisposable
{
    private readonly AnswerIndex _index = new(options.Value);
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private Task<PlainMeans>? _plain;

    /// <summary>
    /// What a query is taken as; null when nothing answers it. Waits until the catalogue has been read to the end that it had at the start.
    /// </summary>
    public async ValueTask<QueryAnswer?> AnswerAsync(Vector query, CancellationToken cancellationToken)
    {
        await _caughtUp.Task.WaitAsync(cancellationToken);
        return _index.Answer(query, await PlainAsync().WaitAsync(cancellationToken));
    }

    /// <summary>A query less what all queries have in common; null when nothing remains.</summary>
    public async ValueTask<Vector?> CentreAsync(Vector query, CancellationToken cancellationToken)
        => (await PlainAsync().WaitAsync(cancellationToken)).Centre(query);

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        _ = PlainAsync(); // beside the reading, so that the first search finds them ready
        foreach (var record in batch)
        {
            Apply(record);
        }

        if (_caughtUp.Task.IsCompleted || _index.IsDue)
        {
            _index.Publish();
        }

        return ValueTask.CompletedTask;
    }

    public void CaughtUp()
    {
        _ = PlainAsync();
        _index.Publish();
        _caughtUp.TrySetResult();
    }

    /// <summary>Ends the encoding of plain texts, and waits: the encoder's native parts are gone after this.</summary>
    public void Dispose()
    {
        Task? plain;
        lock (_gate)
        {
            _ending.Cancel();
            plain = _plain;
        }

        if (plain is not null)
        {
            Task.WaitAny(plain);
        }

        _ending.Dispose();
    }

    private void Apply(StreamRecord record)
    {
        if (TryReadItem(record, out var id, out var vector))
        {
            _index.Put(id, vector);
        }
        else if (record.Key is { } gone)
        {
            _index.Remove(gone);
        }
    }

    // Vectors of another encoder cannot be compared with this one's queries.
    private bool TryReadItem(StreamRecord record, [NotNullWhen(true)] out string? id, [NotNullWhen(true)] out Vector? vector)
    {
        (id, vector) = (record.Key, null);
        if (record.Value is null)
        {
            return false;
        }

        if (!record.TryParse(ItemFeatures.Parser, out var features, out var reason))
        {
            logger.Unreadable(record.Topic, record.Partition, record.Offset, reason);
            return false;
        }

        vector = features is { Embedding.Codes.IsEmpty: false } && features.Encoder == encoder.Name ? features.Embedding : null;
        return id is not null && vector is not null;
    }

    // Once for the process; again after a fault.
    private Task<PlainMeans> PlainAsync()
    {
        lock (_gate)
        {
            if (_plain is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _ending.Token.ThrowIfCancellationRequested();
                _plain = Task.Run(EncodePlainAsync);
            }

            return _plain;
        }
    }

    private async Task<PlainMeans> EncodePlainAsync()
    {
        try
        {
            return await PlainTexts.MeansAsync(
                query => encoder.EncodeQueryAsync(query, _ending.Token),
                passage => encoder.EncodePassageAsync(passage, _ending.Token));
        }
        catch (Exception fault) when (!_ending.IsCancellationRequested)
        {
            logger.PlainTextsFailed(fault.Message);
            throw;
        }
    }
}
