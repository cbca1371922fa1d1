using Google.Protobuf;
using Strata.Contracts.Ranking.V1;
using Strata.Streaming.Publishing;

namespace Strata.Ranking.Tests.Impressions;

/// <summary>Acknowledges nothing until it is opened.</summary>
internal sealed class GatedPublisher : IPublisher
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _count;

    public List<(string Topic, string? Key, Impression Impression, DateTimeOffset Time)> Published { get; } = [];

    public string? Refuse { get; set; }

    /// <summary>Calls that fail because the broker is away.</summary>
    public int Away { get; set; }

    public int Count => Volatile.Read(ref _count);

    public Task Entered => _entered.Task;

    public void Open() => _gate.TrySetResult();

    public async Task<PublishedPosition> PublishAsync(
        string topic,
        string? key,
        IMessage? value,
        DateTimeOffset timestamp,
        CancellationToken cancellationToken,
        int? partition = null)
    {
        _entered.TrySetResult();
        await _gate.Task.WaitAsync(cancellationToken);
        var impression = (Impression)value!;
        if (impression.RequestId == Refuse)
        {
            throw new PublishException("refused");
        }

        lock (_lock)
        {
            if (Away > 0)
            {
                Away--;
                throw new PublishException("away") { Transient = true };
            }

            Published.Add((topic, key, impression, timestamp));
            _count++;
        }

        return default;
    }
}
