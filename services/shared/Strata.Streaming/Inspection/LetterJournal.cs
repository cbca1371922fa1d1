using Confluent.Kafka;
using Strata.Contracts;

namespace Strata.Streaming.Inspection;

/// <summary>
/// The newest dead letters, kept, so that whoever looks every few seconds has only what is new read. What retention took away since goes
/// with the next reading from the beginning, each hour.
/// </summary>
/// <param name="box">Where they lie.</param>
/// <param name="most">Letters that are kept.</param>
/// <param name="time">Says when an hour is over.</param>
public sealed class LetterJournal(LetterBox box, int most, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Anew = TimeSpan.FromHours(1);
    private static readonly string[] All = [.. Topics.All.Select(spec => spec.Name)];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<TopicPartition, long> _next = [];
    private List<StoredLetter> _letters = [];
    private DateTimeOffset _began;

    // Not from 1: a page that was open while the process ended must not take another life's letters for those it has.
    private long _version = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The newest letters, one line of each, in the order in which they were set aside, and which state of them this is.</summary>
    /// <exception cref="TimeoutException">The broker does not answer.</exception>
    public async Task<(long Version, IReadOnlyList<LetterView> Letters)> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _began > Anew)
            {
                (_letters, _began) = ([], time.GetUtcNow());
                _next.Clear();
                _version++;
            }

            var news = await Task.Run(() => box.ReadOn(All, _next, cancellationToken), cancellationToken);
            if (news.Letters.Count + news.Settled.Count > 0)
            {
                _letters =
                [
                    .. _letters.Concat(news.Letters.Select(WithoutBytes))
                        .Select(news.Mark)
                        .OrderBy(letter => letter.Time).TakeLast(most),
                ];
                _version++;
            }

            foreach (var (partition, next) in news.Next)
            {
                _next[partition] = next;
            }

            return (_version, [.. _letters.Select(letter => LetterView.Of(letter, whole: false))]);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // A line says nothing of them, and they are most of it.
    private static StoredLetter WithoutBytes(StoredLetter letter)
    {
        letter.Letter.ClearValue();
        letter.Letter.Headers.Clear();
        return letter;
    }
}
