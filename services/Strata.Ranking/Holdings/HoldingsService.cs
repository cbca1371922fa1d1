using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Strata.Contracts;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Edge.Consents;
using Strata.Edge.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Holdings.Core;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.Forgetting;
using UsersBase = Strata.Contracts.Users.V1.Users.UsersBase;

namespace Strata.Ranking.Holdings;

/// <summary>Puts what is held of a user into their hands: all of it to read, and to be forgotten.</summary>
internal sealed class HoldingsService(
    UserForgetting forgetting,
    UserMerging merging,
    ConsentPublisher consent,
    UserConsents consents,
    UserLook look,
    UserPlaces places,
    ShownSlates slates,
    UserReader users,
    UserKeyRing keys,
    Catalogue catalogue,
    TimeProvider time) : UsersBase
{
    private const int MaxId = 128;

    [Authorize(Scopes.Users)]
    public override Task<Receipt> ForgetUser(ForgetUserRequest request, ServerCallContext context)
    {
        Check(request.UserId).Throw();
        return forgetting.ForgetAsync(request.UserId, withConsent: true, context.CancellationToken);
    }

    [Authorize(Scopes.Users)]
    public override async Task<VerifyForgottenResponse> VerifyForgotten(VerifyForgottenRequest request, ServerCallContext context)
    {
        var violations = Check(request.UserId);
        violations.Require(request.Receipt is not null, "receipt", "is required: send it as ForgetUser gave it");
        violations.Throw();
        var response = new VerifyForgottenResponse();
        if (Receipts.Fault(request.Receipt!, request.UserId, keys.All) is { } fault)
        {
            response.Found.Add(fault);
            return response;
        }

        response.Genuine = true;
        var asked = request.Receipt!.Asked.ToDateTimeOffset().ToUnixTimeMilliseconds();
        var held = await look.StoreAsync(request.UserId, context.CancellationToken);
        response.Found.AddRange(held.SelectMany(value => value.From(asked)).Distinct());
        var attributes = await look.NewestAttributesAsync(request.UserId, context.CancellationToken);
        if (attributes.Any(record => UserLook.IsFrom(record, asked)))
        {
            response.Found.Add($"topic:{Topics.Users} holds attributes from before");
        }

        response.Forgotten = response.Found.Count == 0;
        response.Returned = held.Any(value => value.IsThere && !value.From(asked).Any())
            || attributes.Any(record => record.Value is not null);
        return response;
    }

    [Authorize(Scopes.Users)]
    public override async Task<ExportUserResponse> ExportUser(ExportUserRequest request, ServerCallContext context)
    {
        Check(request.UserId).Throw();
        var state = await users.RequireHeldAsync(request.UserId, context.CancellationToken);
        var response = new ExportUserResponse { UserId = request.UserId, Profile = state.Profile, Counters = state.Policy };
        response.Layers.AddRange(Interests(catalogue.Current, state.Layers ?? new UserLayers()));
        foreach (var (name, older) in (await users.RequireHeldByNameAsync(request.UserId, context.CancellationToken)).Skip(1))
        {
            if (older is not { Profile: null, Layers: null, Policy: null })
            {
                var held = new ExportUserResponse.Types.OlderName { Name = name, Profile = older.Profile, Counters = older.Policy };
                held.Layers.AddRange(Interests(catalogue.Current, older.Layers ?? new UserLayers()));
                response.OlderNames.Add(held);
            }
        }

        response.Places.AddRange(await places.LogsAsync(time.GetUtcNow(), context.CancellationToken));
        return response;
    }

    [Authorize(Scopes.Users)]
    public override Task<GetShownSlateResponse> GetShownSlate(GetShownSlateRequest request, ServerCallContext context)
    {
        var violations = Check(request.UserId);
        violations.RequireId("request_id", request.RequestId, MaxId);
        violations.Throw();
        return slates.GetAsync(request.UserId, request.RequestId, context.CancellationToken);
    }

    [Authorize(Scopes.Users)]
    public override Task<MergeUsersResponse> MergeUsers(MergeUsersRequest request, ServerCallContext context)
    {
        var violations = Check(request.UserId);
        violations.RequireId("from_user_id", request.FromUserId, MaxId);
        violations.Require(
            request.FromUserId != request.UserId, "from_user_id", "is user_id: name the id that turned out to be theirs, another one");
        violations.Throw();
        return merging.MergeAsync(request.FromUserId, request.UserId, context.CancellationToken);
    }

    [Authorize(Scopes.Users)]
    public override Task<GetConsentResponse> GetConsent(GetConsentRequest request, ServerCallContext context)
    {
        Check(request.UserId).Throw();
        var (store, personalise) = consents.Of(request.UserId);
        return Task.FromResult(new GetConsentResponse { Store = store, Personalise = personalise });
    }

    [Authorize(Scopes.Users)]
    public override Task<GetConsentResponse> SetConsent(SetConsentRequest request, ServerCallContext context)
    {
        Check(request.UserId).Throw();
        return consent.SetAsync(request, context.CancellationToken);
    }

    private static Violations Check(string userId)
    {
        var violations = new Violations();
        violations.RequireId("user_id", userId, MaxId);
        return violations;
    }

    private static IEnumerable<ExportUserResponse.Types.LayerInterest> Interests(CatalogueView view, UserLayers layers)
    {
        var asOf = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(layers.AsOfUnixMs));
        for (var (i, from) = (0, 0); i < layers.LayerIds.Count; i++)
        {
            var interest = new ExportUserResponse.Types.LayerInterest
            {
                LayerId = layers.LayerIds[i],
                LongWeight = layers.LongWeights[i],
                ShortWeight = layers.ShortWeights[i],
                AsOf = asOf,
            };
            if (view.Layers.SlotOf(layers.LayerIds[i]) is >= 0 and var slot)
            {
                interest.Words.AddRange(view.WordsOf(slot));
            }

            var touched = i < layers.TouchedCounts.Count ? (int)layers.TouchedCounts[i] : 0;
            interest.ItemIds.AddRange(layers.TouchedItemIds.Skip(from).Take(touched));
            from += touched;
            yield return interest;
        }
    }
}
