using Microsoft.Extensions.DependencyInjection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Strata.Edge.OpenApi;

/// <summary>A gRPC service whose HTTP rules belong into the OpenAPI document.</summary>
/// <param name="Descriptor">Descriptor from the generated code.</param>
internal sealed record DocumentedService(ServiceDescriptor Descriptor);

/// <summary>Registers what the OpenAPI document shows.</summary>
public static class DocumentedServices
{
    /// <summary>Adds a gRPC service to <c>/openapi/v1.json</c>: its methods with a <c>google.api.http</c> rule.</summary>
    public static IServiceCollection AddDocumentedService(this IServiceCollection services, ServiceDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return services.AddSingleton(new DocumentedService(descriptor));
    }
}
