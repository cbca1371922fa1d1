using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Slates;

/// <summary>Candidates that must wait, since enough of their variants are placed.</summary>
/// <param name="request">A request with candidates.</param>
/// <param name="taken">Candidates that are placed, kept up by the caller.</param>
/// <param name="most">Variants of one thing in a slate.</param>
internal sealed class WaitingVariants(RankingRequest request, bool[] taken, int most)
{
    private readonly bool[] _waiting = new bool[taken.Length];
    private readonly Dictionary<int, int> _placed = [];
    private int _left = taken.Length;

    public bool Holds(int candidate) => _waiting[candidate];

    /// <summary>A candidate was placed.</summary>
    public void Place(int candidate)
    {
        _left--;
        var numbers = request.View.Items.Variants;
        var variant = numbers[request.Items[candidate]];
        if (variant >= 0)
        {
            _placed[variant] = _placed.GetValueOrDefault(variant) + 1;
            for (var other = 0; _placed[variant] == most && other < _waiting.Length; other++)
            {
                if (!taken[other] && !_waiting[other] && numbers[request.Items[other]] == variant)
                {
                    _waiting[other] = true;
                    _left--;
                }
            }
        }

        // Nothing else is left: more of the same is better than an empty position.
        if (_left == 0)
        {
            Array.Clear(_waiting);
            _left = taken.Count(isTaken => !isTaken);
        }
    }
}
