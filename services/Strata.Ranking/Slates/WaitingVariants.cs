using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Slates;

/// <summary>Candidates that must wait, since enough of their variants are placed.</summary>
/// <param name="request">A request with candidates.</param>
/// <param name="most">Variants of one thing in a slate.</param>
internal sealed class WaitingVariants(RankingRequest request, int most)
{
    private readonly bool[] _waiting = new bool[request.Count];
    private readonly Dictionary<int, int> _placed = [];

    public bool Holds(int candidate) => _waiting[candidate];

    /// <summary>A candidate was placed.</summary>
    public void Place(int candidate)
    {
        var numbers = request.View.Items.Variants;
        var variant = numbers[request.Items[candidate]];
        if (variant >= 0)
        {
            _placed[variant] = _placed.GetValueOrDefault(variant) + 1;
            for (var other = 0; _placed[variant] == most && other < _waiting.Length; other++)
            {
                _waiting[other] |= numbers[request.Items[other]] == variant;
            }
        }
    }

    /// <summary>Nothing else is left: more of the same is better than an empty position. False: none waited.</summary>
    public bool Release()
    {
        var any = _waiting.AsSpan().Contains(true);
        Array.Clear(_waiting);
        return any;
    }
}
