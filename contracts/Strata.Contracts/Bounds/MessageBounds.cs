using Google.Protobuf;
using Google.Protobuf.Collections;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using static Strata.Contracts.Bounds.FieldBounds;

namespace Strata.Contracts.Bounds;

/// <summary>
/// The bounds of every field of what lies on topics and in Redis, here and nowhere else. A message that breaks them can be read and never
/// used: readers of topics set it aside, owners of a Redis value put it into quarantine. Needs no state; what depends on the reader's (the
/// dimensions of the layer set in force) is its own matter.
/// </summary>
public static class MessageBounds
{
    /// <summary>What is wrong with a message, in words; null when nothing is, or when it lies neither on a topic nor in Redis.</summary>
    public static string? Fault(IMessage message) => message switch
    {
        UserEvent value => Of(value),
        InterestPoint value => Of(value),
        Item value => Of(value),
        UserAttributes value => Of(value),
        Consent value => Id("user_id", value.UserId) ?? Time("updated", value.Updated),
        ItemFeatures value => Of(value),
        ActivityDelta value => ActivityBounds.Of(value),
        ItemActivity value => ActivityBounds.Of(value),
        ActivityMarker value => ActivityBounds.Of(value),
        LayerDelta value => LayerBounds.Of(value),
        LayerCommand value => LayerBounds.Of(value),
        Layer value => LayerBounds.Of(value),
        LayerSetMarker value => LayerBounds.Of(value),
        SegmentSet value => LayerBounds.Of(value),
        Impression value => RankingBounds.Of(value),
        TrainingExample value => RankingBounds.Of(value),
        Policy.V1.Policy value => RankingBounds.Of(value),
        Policy.V1.PolicyCommand value => RankingBounds.Of(value),
        Profile value => StateBounds.Of(value),
        UserLayers value => StateBounds.Of(value),
        UserPolicy value => StateBounds.Of(value),
        ArmOutcomes value => ArmBounds.Of(value),
        Forgotten value => StateBounds.Of(value),
        HandOver value => StateBounds.Of(value),
        Vector value => Packed("vector", value),
        _ => null,
    };

    private static string? Of(UserEvent value)
        => Id("event_id", value.EventId)
            ?? Id("user_id", value.UserId)
            ?? Id("item_id", value.ItemId)
            ?? Text("query", value.Query)
            ?? Time("event_time", value.EventTime)
            ?? Time("received_time", value.ReceivedTime)
            ?? Id("request_id", value.RequestId)
            ?? (value.LayerControl is { } control ? StateBounds.Of(control) : null)
            ?? Number("dwell_seconds", value.DwellSeconds, 0, Amount)
            ?? Number("price", value.Price, 0, Amount)
            ?? Id("language", value.Language)
            ?? StateBounds.Of(value.HandOver);

    private static string? Of(InterestPoint value)
        => Id("user_id", value.UserId)
            ?? Id("item_id", value.ItemId)
            ?? Text("query", value.Query)
            ?? Number("weight", value.Weight, -Few, Few)
            ?? Packed("vector", value.Vector)
            ?? Time("event_time_unix_ms", value.EventTimeUnixMs)
            ?? Counter("event_offset", value.EventOffset)
            ?? Id("encoder", value.Encoder)
            ?? Id("answered_by", value.AnsweredBy)
            ?? StateBounds.Of(value.Forgotten)
            ?? StateBounds.Of(value.HandOver);

    private static string? Of(Item value)
        => Id("item_id", value.ItemId)
            ?? Text("title", value.Title)
            ?? Text("description", value.Description, DescriptionLength)
            ?? Each(value.Categories, "categories", Few, static text => Text("category", text))
            ?? Each(value.Tags, "tags", Few, static text => Text("tag", text))
            ?? Birth("created", value.Created)
            ?? Time("updated", value.Updated)
            ?? Id("group", value.Group)
            ?? Id("language", value.Language)
            ?? Of(value.Price)
            ?? Text("picture_url", value.PictureUrl)
            ?? Each(value.Attributes, "attributes", Few)
            ?? Pictures(value.Pictures);

    private static string? Pictures(RepeatedField<ByteString> pictures)
        => Many("pictures", pictures.Count, Few)
            ?? Counter("bytes of pictures", pictures.Sum(static picture => (long)picture.Length), 0, PictureBytes);

    private static string? Of(UserAttributes value)
        => Id("user_id", value.UserId)
            ?? Text("age_band", value.AgeBand, Few)
            ?? Text("gender", value.Gender, Few)
            ?? Text("region", value.Region, Few)
            ?? Time("updated", value.Updated);

    private static string? Of(ItemFeatures value)
        => Id("item_id", value.ItemId)
            ?? Text("title", value.Title)
            ?? Each(value.Categories, "categories", Few, static text => Text("category", text))
            ?? Packed("embedding", value.Embedding)
            ?? Id("encoder", value.Encoder)
            ?? Each(value.Terms, "terms", Few, Term)
            ?? Birth("created_unix_ms", value.CreatedUnixMs)
            ?? Time("updated_unix_ms", value.UpdatedUnixMs)
            ?? Id("group", value.Group)
            ?? Time("title_since_unix_ms", value.TitleSinceUnixMs)
            ?? Each(value.Tags, "tags", Few, static text => Text("tag", text))
            ?? Of(value.Price)
            ?? Text("picture_url", value.PictureUrl)
            ?? Each(value.Attributes, "attributes", Few)
            ?? Packed("picture", value.Picture)
            ?? Id("picture_encoder", value.PictureEncoder)
            ?? Id("picture_fault", value.PictureFault);

    private static string? Of(Price? value)
        => value is null ? null : Number("price.amount", value.Amount, 0, Amount) ?? Id("price.currency", value.Currency);
}
