using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Layers.V1;
using Strata.Ranking.Candidates;
using Strata.Ranking.Explanations;
using Strata.Ranking.Index;
using Strata.Ranking.Scoring;
using Strata.Ranking.Slates;
using LayersBase = Strata.Contracts.Layers.V1.Layers.LayersBase;

namespace Strata.Ranking.Serving;

/// <summary>Shows the layers, and a user's row of the layer matrix.</summary>
internal sealed class LayersService(Catalogue catalogue, PolicySlot policies, UserReader users, IOptions<SlateOptions> slates, TimeProvider time) : LayersBase
{
    private const int UserWords = 10;

    public override Task<ListLayersResponse> ListLayers(ListLayersRequest request, ServerCallContext context)
    {
        var view = catalogue.Current;
        var response = new ListLayersResponse { Version = view.Layers.Version };
        foreach (var slot in Enumerable.Range(0, view.Layers.Count).OrderByDescending(slot => view.Layers[slot]!.Weight))
        {
            response.Layers.Add(Summarise(view, slot));
        }

        return Task.FromResult(response);
    }

    public override async Task<GetUserLayersResponse> GetUserLayers(GetUserLayersRequest request, ServerCallContext context)
    {
        RequestRules.CheckUser(request.UserId);
        var user = await users.ReadAsync(request.UserId, context.CancellationToken);
        if (!user.Answered)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The online store does not answer; try again."));
        }

        var view = catalogue.Current;
        var nowMs = StreamTime.NowMs(view, user.State, time);
        var history = new UserHistory();
        history.Fill(view, user.State.Profile, nowMs);
        var distribution = LayerDistribution.For(view, history, user.State, policies.Current, slates.Value, nowMs);
        var response = new GetUserLayersResponse { UserId = request.UserId, Version = view.Layers.Version };
        foreach (var layer in distribution.Layers)
        {
            var row = new UserLayer
            {
                LayerId = layer.LayerId,
                LongInterest = layer.LongInterest,
                ShortInterest = layer.ShortInterest,
                Probability = layer.Probability,
            };
            row.Words.AddRange(Explainer.SlotWords(view, layer.Slot));
            response.Layers.Add(row);
        }

        response.Words.AddRange(WordsOf(view, user.State));
        return response;
    }

    private static LayerSummary Summarise(CatalogueView view, int slot)
    {
        var layer = view.Layers[slot]!;
        var summary = new LayerSummary
        {
            LayerId = layer.LayerId,
            Items = layer.Items,
            Weight = layer.Weight,
            Share = view.Layers.TotalWeight > 0 ? layer.Weight / view.Layers.TotalWeight : 0,
            Points = layer.Points,
        };
        summary.Words.AddRange(Explainer.SlotWords(view, slot));
        foreach (var id in layer.ExampleItemIds)
        {
            if (view.IndexOf(id) is >= 0 and var item && view.Items.Features[item] is { } features)
            {
                summary.Examples.Add(new LayerSummary.Types.Example { ItemId = id, Title = features.Title });
            }
        }

        return summary;
    }

    // The profile's term frequencies times idf, as people write the words.
    private static IEnumerable<string> WordsOf(CatalogueView view, UserState user)
        => (user.Profile?.Terms ?? []).OrderByDescending(term => term.Weight * view.Terms.Idf(term.Term))
            .Select(term => view.Terms.Readable(term.Term)).Distinct(StringComparer.Ordinal).Take(UserWords);
}
