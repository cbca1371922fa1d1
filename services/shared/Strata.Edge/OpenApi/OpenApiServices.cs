using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Strata.Contracts;
using Strata.Edge.OpenApi.Core;
using Strata.ServiceDefaults.Access;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Strata.Edge.OpenApi;

/// <summary>Serves the OpenAPI document of the documented services. It cannot change while the process runs, so it is made once.</summary>
public static class OpenApiServices
{
    private const string Path = "/openapi/v1.json";

    /// <summary>Adds a gRPC service to <c>/openapi/v1.json</c>: its methods with a <c>google.api.http</c> rule.</summary>
    public static IServiceCollection AddDocumentedService(this IServiceCollection services, ServiceDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return services.AddSingleton(new DocumentedService(descriptor));
    }

    /// <summary>Adds a call that is no method of a gRPC service.</summary>
    public static IServiceCollection AddDocumentedCall(this IServiceCollection services, DocumentedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return services.AddSingleton(call);
    }

    internal static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
        => services.AddSingleton(provider => new Lazy<Task<string>>(() => BuildAsync(provider)));

    internal static void MapOpenApiDocument(this WebApplication app)
        => app.MapGet(Path, async (Lazy<Task<string>> document) => Results.Text(await document.Value, "application/json"))
            .RequireAuthorization(Scopes.Read);

    private static Task<string> BuildAsync(IServiceProvider provider)
    {
        var services = provider.GetServices<DocumentedService>().Select(s => s.Descriptor).DistinctBy(s => s.FullName);
        var comments = ProtoComments.From(typeof(Topics).Assembly);
        var calls = provider.GetServices<DocumentedCall>().DistinctBy(call => call.OperationId);
        var examples = CallExamples.From(typeof(Topics).Assembly);
        return ServiceDocument.Build("Strata", services, calls, comments, examples).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
    }
}
