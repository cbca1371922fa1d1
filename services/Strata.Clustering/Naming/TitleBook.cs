using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Strata.Clustering.Layers;
using Strata.Clustering.Naming.Core;

namespace Strata.Clustering.Naming;

/// <summary>
/// Titles by layer content, and the questions that have none yet. The reducer looks titles up and leaves questions here; whoever asks the
/// model takes them from here. Neither waits for the other.
/// </summary>
internal sealed class TitleBook
{
    // A content that no set has had for long may go; it would be asked about again.
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<ulong, LayerTitle?> _titles = new();
    private volatile IReadOnlyList<TitleQuestion> _open = [];
    private long _changes;

    /// <summary>Grows with every new title.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Questions of the newest set without an answer.</summary>
    public IEnumerable<TitleQuestion> Open => _open.Where(question => !_titles.ContainsKey(question.ContentHash));

    /// <summary>The questions of a set take the place of those before.</summary>
    public void Ask(IReadOnlyList<TitleQuestion> questions) => _open = questions;

    /// <summary>The title of a content, if there is one.</summary>
    public bool TryGet(ulong contentHash, [NotNullWhen(true)] out LayerTitle? title)
        => _titles.TryGetValue(contentHash, out title) && title is not null;

    /// <summary>Remembers a title that was published before.</summary>
    public void Recall(LayerTitle title) => _titles.TryAdd(title.ContentHash, title);

    /// <summary>Remembers an answer; null: there is none that may be shown, and it is not asked for again.</summary>
    public void Answer(ulong contentHash, LayerTitle? title)
    {
        if (_titles.Count >= Most)
        {
            _titles.Clear();
        }

        _titles[contentHash] = title;
        Interlocked.Increment(ref _changes);
    }
}
