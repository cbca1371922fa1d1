using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Layers.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Index.Core;

namespace Strata.Ranking.Browse;

/// <summary>Waits for what the reducer says of an operator's move: it comes with the layers.</summary>
internal sealed class MoveAnswers(Catalogue catalogue, IOptions<BrowseOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>The move as it was made.</summary>
    /// <exception cref="InvalidRequestException">The reducer refused it.</exception>
    /// <exception cref="RpcException">DEADLINE_EXCEEDED: the reducer has not answered in time.</exception>
    public async Task<MoveLayerResponse> WaitAsync(string requestId, CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < options.Value.MoveTimeout;)
        {
            if (catalogue.Current.Layers.Marker.Answers.FirstOrDefault(answer => answer.RequestId == requestId) is { } answer)
            {
                return answer.Made is { } made
                    ? new MoveLayerResponse
                    {
                        Version = made.Version,
                        RemovedLayerId = made.Removed,
                        MergedIntoLayerId = made.MergedInto,
                        SplitLayerId = made.Parent,
                        BornLayerIds = { made.First, made.Second },
                        FirstShare = made.FirstShare,
                    }
                    : throw new InvalidRequestException("layer_id", $"was not moved: {answer.Refusal}")
                    {
                        Code = StatusCode.FailedPrecondition,
                    };
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }

        throw new RpcException(new Status(
            StatusCode.DeadlineExceeded,
            $"the move lies in the log, but the layer reducer has not answered within {options.Value.MoveTimeout.TotalSeconds:0.#} s: "
                + "look whether Clustering runs; GetLayerLineage shows the move once it is made"));
    }
}
