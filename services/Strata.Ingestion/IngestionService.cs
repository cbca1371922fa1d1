using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Strata.Contracts.Ingestion.V1;
using Strata.Ingestion.Catalog;
using Strata.Ingestion.Events;
using Strata.Ingestion.Users;
using Strata.ServiceDefaults.Access;
using IngestionContract = Strata.Contracts.Ingestion.V1.Ingestion;

namespace Strata.Ingestion;

/// <summary>The calls of Ingestion; each hands on to the part that answers it.</summary>
internal sealed class IngestionService(
    EventIntake events,
    EventStream stream,
    EventBatch batch,
    CatalogIntake catalog,
    UserIntake users) : IngestionContract.IngestionBase
{
    [Authorize(Scopes.Events)]
    public override Task<PublishEventResponse> PublishEvent(PublishEventRequest request, ServerCallContext context)
        => CallBudget.RunAsync(context, token => events.PublishAsync(request, token));

    [Authorize(Scopes.Events)]
    public override Task PublishEvents(
        IAsyncStreamReader<PublishEventRequest> requestStream,
        IServerStreamWriter<PublishEventsResponse> responseStream,
        ServerCallContext context)
        => stream.RunAsync(requestStream, responseStream, context.CancellationToken);

    [Authorize(Scopes.Events)]
    public override Task<PublishBatchResponse> PublishBatch(PublishBatchRequest request, ServerCallContext context)
        => CallBudget.RunAsync(context, token => batch.PublishAsync(request, token));

    [Authorize(Scopes.Catalogue)]
    public override Task<PutItemsResponse> PutItems(PutItemsRequest request, ServerCallContext context)
        => CallBudget.RunAsync(context, token => catalog.PutAsync(request, token));

    [Authorize(Scopes.Catalogue)]
    public override Task<DeleteItemResponse> DeleteItem(DeleteItemRequest request, ServerCallContext context)
        => CallBudget.RunAsync(context, token => catalog.DeleteAsync(request, token));

    [Authorize(Scopes.Users)]
    public override Task<PutUsersResponse> PutUsers(PutUsersRequest request, ServerCallContext context)
        => CallBudget.RunAsync(context, token => users.PutAsync(request, token));
}
