using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Strata.Contracts.Texts.V1;
using Strata.ServiceDefaults.Access;

namespace Strata.Featurizer.Queries;

/// <summary>What a text means, for who has no encoder.</summary>
internal sealed class TextsService(QueryDescriber queries) : Texts.TextsBase
{
    [Authorize(Scopes.Read)]
    public override async Task<DescribeQueryResponse> DescribeQuery(DescribeQueryRequest request, ServerCallContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.EnumerateRunes().Count() > QueryDescriber.Longest)
        {
            throw new RpcException(new Status(
                StatusCode.InvalidArgument, $"query: is empty or too long: send 1 to {QueryDescriber.Longest} characters"));
        }

        return new DescribeQueryResponse { Query = await queries.DescribeAsync(request.Query, context.CancellationToken) };
    }
}
