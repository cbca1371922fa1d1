namespace Strata.Ranking.Candidates;

/// <summary>The items whose texts are nearest in one of the senses of <see cref="TextScores"/>; nothing that is not near at all.</summary>
internal sealed class TextSource(int index, Func<TextScores, float[]> scoresOf) : ICandidateSource
{
    public int Index => index;

    public void Propose(CandidateSet request, TopList best)
    {
        var scores = scoresOf(request.Text).AsSpan(0, request.Text.Count);
        var threshold = 0f;
        for (var position = 0; position < scores.Length; position++)
        {
            if (scores[position] > threshold && request.Text.ItemAt(position) is >= 0 and var item && request.Allows(item))
            {
                best.Offer(item, scores[position]);
                threshold = (float)Math.Max(0, best.Threshold);
            }
        }
    }
}
