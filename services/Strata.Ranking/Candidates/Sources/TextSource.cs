using Strata.Ranking.Candidates.Affinities;
using Strata.Ranking.Candidates.Requests;

namespace Strata.Ranking.Candidates.Sources;

/// <summary>The items whose texts are nearest in one of the senses of <see cref="TextScores"/>; nothing that is not near at all.</summary>
internal sealed class TextSource(int index, Func<TextScores, float[]> scoresOf) : ICandidateSource
{
    public int Index => index;

    public void Propose(RankingRequest request, TopList best)
    {
        var scores = scoresOf(request.Text).AsSpan(0, request.Text.Count);
        var threshold = 0f;
        for (var number = 0; number < scores.Length; number++)
        {
            if (scores[number] > threshold && request.Text.ItemAt(number) is >= 0 and var item && request.Allows(item))
            {
                best.Offer(item, scores[number]);
                threshold = (float)Math.Max(0, best.Threshold);
            }
        }
    }
}
