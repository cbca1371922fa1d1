using System.IO.Hashing;
using System.Text;
using Strata.Clustering.Interests.Core;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Points.Core;

/// <summary>
/// Rows of the users who act in an epoch, the newest of each. Of a session's acts fewer and fewer count, the n-th by a chance of 1/n: who
/// does much is one user too.
/// </summary>
internal sealed class UserRows
{
    // Offset and mark, and sixteen layers with their shares.
    private const int RowBytes = 32 + (UserWeights.Limit * 6);

    private readonly Dictionary<string, UserRow> _rows = new(StringComparer.Ordinal);

    /// <summary>Bytes that the rows take in a record, not less.</summary>
    public int EstimatedBytes { get; private set; }

    /// <summary>The rows, by the offsets of their points.</summary>
    public IReadOnlyList<UserRow> All => [.. _rows.Values.OrderBy(row => row.Offset)];

    /// <summary>Takes the row of a user as they stand behind a point of theirs.</summary>
    public void Add(in Point point, UserWeights weights)
    {
        LayerWeight[] liked = [.. weights.Entries.Where(entry => entry.LongTerm > 0)];
        // How much of the last hours' acts this one is; the draw is not the one by which points become samples.
        var session = weights.Entries.Sum(entry => Math.Max(0, entry.ShortTerm));
        if (liked.Length == 0 || Sample.DrawOf(~point.Offset) * session >= point.Weight)
        {
            return;
        }

        if (!_rows.ContainsKey(point.UserId))
        {
            EstimatedBytes += RowBytes;
        }

        var most = liked.Max(entry => entry.LongTerm);
        _rows[point.UserId] = new UserRow(
            point.Offset,
            [.. liked.Select(entry => entry.LayerId)],
            liked.Select(entry => (byte)Math.Round(entry.LongTerm / most * byte.MaxValue)).ToArray(),
            DistinctCount.MarkOf(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(point.UserId))));
    }

    /// <summary>Drops the row of a user who is forgotten, or goes on under another name.</summary>
    public void Drop(string userId) => _rows.Remove(userId);
}
