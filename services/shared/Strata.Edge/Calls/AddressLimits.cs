using System.Globalization;
using Google.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Strata.Edge.Calls;

/// <summary>Refuses an address or headers that are too long in words: the server itself would do it with an empty answer.</summary>
internal sealed class AddressLimits(RequestDelegate next)
{
    private const int MostAddress = 16 * 1024;
    private const int MostHeaders = 32 * 1024;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > MostAddress)
        {
            return RefuseAsync(
                context,
                StatusCodes.Status414UriTooLong,
                $"The address is longer than {Number(MostAddress)} bytes. Send the same call as a POST with its fields in a JSON body.");
        }

        return context.Request.Headers.Sum(header => header.Key.Length + header.Value.Sum(value => value?.Length ?? 0)) > MostHeaders
            ? RefuseAsync(
                context,
                StatusCodes.Status431RequestHeaderFieldsTooLarge,
                $"The headers are longer than {Number(MostHeaders)} bytes. Send fewer or shorter ones; cookies are not looked at.")
            : next(context);
    }

    private static Task RefuseAsync(HttpContext context, int httpStatus, string message)
        => JsonErrors.WriteAsync(context, httpStatus, new Status { Code = (int)Code.InvalidArgument, Message = message });

    private static string Number(int bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);
}
