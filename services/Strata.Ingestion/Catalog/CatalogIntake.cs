using Google.Protobuf;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.Requests;
using Strata.Ingestion.Catalog.Core;
using Strata.Ingestion.Cleaning.Core;
using Strata.Ingestion.Telemetry;
using Strata.Ingestion.Texts;
using Strata.Streaming.Publishing;

namespace Strata.Ingestion.Catalog;

/// <summary>Puts items into the catalogue and takes them out. Answers after the broker's acknowledgement of all of them.</summary>
internal sealed class CatalogIntake(
    IPublisher publisher,
    IBatchPublisher batches,
    KnownItems items,
    IOptions<CatalogOptions> options,
    IOptions<CleaningOptions> cleaning,
    TimeProvider time,
    IngestionMetrics metrics)
{
    private const string PutKind = "item";
    private const string DeleteKind = "item_deletion";

    public async Task<PutItemsResponse> PutAsync(PutItemsRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var clean = Accept(request, now);
        var positions = await batches.PublishAsync(
            Topics.Items,
            "items",
            [.. clean.Select(item => KeyValuePair.Create(item.ItemId, (IMessage)item))],
            now,
            metrics,
            cancellationToken);
        for (var i = 0; i < clean.Count; i++)
        {
            items.Put(clean[i].ItemId, positions[i]);
        }

        metrics.Accepted(PutKind, clean.Count);
        return new PutItemsResponse { Count = (uint)clean.Count };
    }

    public async Task<DeleteItemResponse> DeleteAsync(DeleteItemRequest request, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        violations.RequireItemId("item_id", request.ItemId, options.Value.MaxIdLength);
        Refuse(violations, DeleteKind);
        var position = await metrics.PublishingAsync(
            Topics.Items,
            () => publisher.PublishAsync(Topics.Items, request.ItemId, null, time.GetUtcNow(), cancellationToken));
        items.Deleted(request.ItemId, position);
        metrics.Accepted(DeleteKind);
        return new DeleteItemResponse();
    }

    private List<Item> Accept(PutItemsRequest request, DateTimeOffset now)
    {
        var violations = new Violations();
        violations.RequireBatch("items", request.Items.Count, options.Value.MaxBatch);
        var clean = new List<Item>(request.Items.Count);
        for (var i = 0; i < request.Items.Count && violations.None; i++)
        {
            clean.Add(ItemRules.Clean(request.Items[i], $"items[{i}]", options.Value, cleaning.Value, now, violations));
            if (ItemRules.TextsDiffer(request.Items[i], clean[i]))
            {
                metrics.Cleaned(RuleNames.Unicode, IngestionMetrics.Changed);
            }
        }

        Refuse(violations, PutKind);
        return clean;
    }

    private void Refuse(Violations violations, string kind)
    {
        if (!violations.None)
        {
            metrics.Rejected(kind, violations.Found[0].Field);
            throw new InvalidRequestException(violations.Found);
        }
    }
}
