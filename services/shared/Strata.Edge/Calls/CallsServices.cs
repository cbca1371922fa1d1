using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.Edge.Rates;
using Strata.ServiceDefaults.Access;

namespace Strata.Edge.Calls;

/// <summary>gRPC with reflection, and the same calls as JSON over HTTP.</summary>
internal static class CallsServices
{
    public static IServiceCollection AddCalls(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CallsOptions, CallsOptionsValidator>().BindConfiguration(CallsOptions.SectionName);
        // An interceptor words every fault of a method; what is left to gRPC are messages that it cannot read.
        services.AddGrpc(options =>
        {
            options.EnableDetailedErrors = true;
            options.Interceptors.Add<FaultInterceptor>();
            options.Interceptors.Add<CallerRates>();
            options.Interceptors.Add<CallerBinding>();
        }).AddJsonTranscoding();
        services.AddLogging(logging => logging.AddFilter(UnreadMessages.GrpcLog, LogLevel.None));
        services.TryAddSingleton(provider => new BodyCalls(
            provider.GetRequiredService<IOptions<CallsOptions>>(),
            provider.GetRequiredService<KeyRates>(),
            provider.GetRequiredService<ILogger<BodyCalls>>()));
        services.AddGrpcReflection();
        services.AddRequestDecompression();
        services.AddOptions<GrpcServiceOptions>()
            .Configure<IOptions<CallsOptions>>((grpc, calls) => grpc.MaxReceiveMessageSize = calls.Value.MaxMessageBytes);
        services.AddOptions<GrpcJsonTranscodingOptions>().Configure(json => json.TypeRegistry = JsonErrors.DetailTypes);
        return services;
    }

    public static void UseCalls(this WebApplication app)
    {
        app.UseStatusCodePages(unanswered => JsonErrors.WriteUnansweredAsync(unanswered.HttpContext));
        app.UseMiddleware<AddressLimits>();
        app.UseMiddleware<UnreadMessages>();
        app.UseRequestDecompression();
        app.UseMiddleware<JsonCallCheck>();
        app.MapGrpcReflectionService().RequireAuthorization(Scopes.Read);
    }
}
