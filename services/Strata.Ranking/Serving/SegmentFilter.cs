using Grpc.Core;
using Strata.Edge.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Users;
using Strata.Ranking.Users.Core;

namespace Strata.Ranking.Serving;

/// <summary>Which of many users lie in a segment.</summary>
internal sealed class SegmentFilter(UserReader users, Catalogue catalogue)
{
    private const int UsersAtOnce = 16;

    /// <summary>Those of the users, in their order; all for segment 0.</summary>
    /// <exception cref="InvalidRequestException">NOT_FOUND: there is no such segment.</exception>
    /// <exception cref="RpcException">UNAVAILABLE: the store does not answer.</exception>
    public async Task<IReadOnlyList<string>> OfAsync(IReadOnlyList<string> userIds, uint segmentId, CancellationToken cancellationToken)
    {
        if (segmentId == 0)
        {
            return userIds;
        }

        var view = catalogue.Current;
        if (!view.Segments.AreOf(view.Layers) || view.Segments.Set.SlotOf(segmentId) is not (>= 0 and var wanted))
        {
            throw new InvalidRequestException(
                "segment_id", $"{segmentId} is no segment: take one of Layers.ListSegments (GET /v1/segments)")
            {
                Code = StatusCode.NotFound,
            };
        }

        var found = new List<string>();
        foreach (var some in userIds.Chunk(UsersAtOnce))
        {
            var read = await Task.WhenAll(some.Select(user => users.RequireAsync(user, cancellationToken).AsTask()));
            found.AddRange(some.Where((_, i) => UserSegment.SlotOf(
                view, read[i].Layers, LayerControls.For(view.Layers, read[i].Profile)) == wanted));
        }

        return found;
    }
}
