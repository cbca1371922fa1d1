using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Layers;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults.Pseudonyms;
using Strata.Streaming.Publishing;

namespace Strata.Ranking.Browse;

/// <summary>
/// Writes down what users and operators want of layers, each into the log of the one who acts on it: a user's control among their events,
/// for Featurizer to keep it in their profile behind the same fence; an operator's move among the deltas, for the reducer.
/// </summary>
internal sealed class LayerControlPublisher(IPublisher publisher, UserNames names, TimeProvider time)
{
    /// <summary>Publishes a user's control; the token of the event.</summary>
    public async Task<string> PublishControlAsync(
        CatalogueView view, UserState user, ControlUserLayerRequest request, long nowMs, CancellationToken cancellationToken)
    {
        RequireSpare(view.Layers, user.Profile, request);
        var control = new LayerControl { LayerId = request.LayerId, Action = request.Action };
        if (request.Action == LayerAction.Forget)
        {
            Remember(view, user, control);
            control.AskedUnixMs = nowMs;
        }

        var name = names.Of(request.UserId);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        var happened = new UserEvent
        {
            EventId = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            UserId = name,
            Kind = EventKind.Control,
            EventTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(at),
            ReceivedTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            LayerControl = control,
        };
        var position = await publisher.PublishAsync(Topics.Events, name, happened, at, cancellationToken);
        return new AsOfToken(position.Partition, position.Offset, position.Log).ToString();
    }

    /// <summary>Publishes an operator's move; by what its answer is found.</summary>
    public async Task<string> PublishMoveAsync(LayerView layers, MoveLayerRequest request, CancellationToken cancellationToken)
    {
        LayerRules.SlotOf(layers, "layer_id", request.LayerId);
        if (request.IntoLayerId == request.LayerId)
        {
            throw new InvalidRequestException("into_layer_id", "is the layer itself: name another one, or 0 to split it");
        }

        if (request.IntoLayerId != 0)
        {
            LayerRules.SlotOf(layers, "into_layer_id", request.IntoLayerId);
        }

        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        var command = new LayerCommand
        {
            Move = new() { LayerId = request.LayerId, IntoLayerId = request.IntoLayerId, RequestId = id },
        };
        await publisher.PublishAsync(Topics.LayerDeltas, Keys.LayerCommand, command, time.GetUtcNow(), cancellationToken, partition: 0);
        return id;
    }

    private static void RequireSpare(LayerView layers, Profile? profile, ControlUserLayerRequest request)
    {
        var controls = profile?.Controls.Where(control => control.Action != LayerAction.Forget).ToArray() ?? [];
        if (Array.Exists(controls, control => control.LayerId == request.LayerId))
        {
            // A control on a layer that is gone may still be changed or cleared.
            return;
        }

        LayerRules.SlotOf(layers, "layer_id", request.LayerId);
        if (controls.Length >= Keys.ProfileControls && request.Action is LayerAction.Boost or LayerAction.Mute or LayerAction.Pin)
        {
            var layerIds = string.Join(", ", controls.Select(control => control.LayerId));
            throw new InvalidRequestException(
                "action",
                $"would be the {Keys.ProfileControls + 1}th layer that this user boosts, mutes or pins: CLEAR one of {layerIds} first")
            {
                Code = StatusCode.FailedPrecondition,
            };
        }
    }

    // Queries nearest to the layer, and the profile's terms of forgotten items and queries that no other item of the user's has.
    private static void RememberWords(CatalogueView view, Profile? profile, HashSet<int> slots, LayerControl control)
    {
        var centred = new float[view.Vectors.Dimension];
        control.Queries.AddRange((profile?.Queries ?? [])
            .Where(query => view.Vectors.TryCentre(query.Vector, centred) && slots.Contains(view.Layers.Nearest(centred)))
            .Select(query => query.Text));
        var words = control.Queries.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var (gone, kept) = (TermsOf(control.ItemIds), TermsOf((profile?.Items ?? []).Where(item => !item.Forgotten)
            .Select(item => item.ItemId).Except(control.ItemIds, StringComparer.Ordinal)));
        control.Terms.AddRange((profile?.Terms ?? []).Select(term => term.Term)
            .Where(term => !kept.Contains(term)
                && (gone.Contains(term) || Array.Exists(words, word => word.StartsWith(term, StringComparison.OrdinalIgnoreCase)))));

        HashSet<string> TermsOf(IEnumerable<string> ids) => ids.Select(view.IndexOf).Where(item => item >= 0)
            .SelectMany(item => view.Items.Features[item]?.Terms ?? []).Select(term => term.Term).ToHashSet(StringComparer.Ordinal);
    }

    // What is to be forgotten, as this process sees it: items by id, as layers move; weights as they are now, as they decay like what is
    // left of them later.
    private static void Remember(CatalogueView view, UserState user, LayerControl control)
    {
        var slots = view.Layers.SlotsOf(control.LayerId).Select(heir => heir.Slot).ToHashSet();
        control.ItemIds.AddRange((user.Profile?.Items ?? []).Select(item => item.ItemId)
            .Where(id => view.IndexOf(id) is >= 0 and var item && slots.Contains(view.Assignment.SlotOf(item))));
        RememberWords(view, user.Profile, slots, control);
        if (user.Layers is not { } weights)
        {
            return;
        }

        control.AsOfUnixMs = weights.AsOfUnixMs;
        for (var g = 0; g < Math.Min(weights.LayerIds.Count, Math.Min(weights.LongWeights.Count, weights.ShortWeights.Count)); g++)
        {
            foreach (var (_, share) in view.Layers.SlotsOf(weights.LayerIds[g]).Where(heir => slots.Contains(heir.Slot)))
            {
                control.LongWeight += weights.LongWeights[g] * share;
                control.ShortWeight += weights.ShortWeights[g] * share;
            }
        }
    }
}
