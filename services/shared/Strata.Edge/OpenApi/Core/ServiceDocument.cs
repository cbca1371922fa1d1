using System.Net.Mime;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.OpenApi;

namespace Strata.Edge.OpenApi.Core;

/// <summary>Makes the OpenAPI document of gRPC services from their descriptors and HTTP rules.</summary>
internal static class ServiceDocument
{
    private const string Json = "application/json";

    public static OpenApiDocument Build(
        string title,
        IEnumerable<ServiceDescriptor> services,
        IEnumerable<DocumentedCall> calls,
        ProtoComments comments,
        CallExamples examples)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo { Title = title, Version = "v1" },
            Paths = [],
            Components = new OpenApiComponents { Schemas = new Dictionary<string, IOpenApiSchema>() },
            Tags = new HashSet<OpenApiTag>(),
        };
        var schemas = new MessageSchemas(document, comments);
        schemas.Reference(BadRequest.Descriptor);
        foreach (var service in services.OrderBy(s => s.FullName, StringComparer.Ordinal))
        {
            document.Tags.Add(new OpenApiTag { Name = service.Name, Description = comments.Of(service.FullName) });
            foreach (var binding in service.Methods.SelectMany(HttpBinding.Of))
            {
                AddOperation(document, binding, schemas, comments, examples);
            }
        }

        foreach (var call in calls.OrderBy(call => call.Path, StringComparer.Ordinal))
        {
            AddOperation(document, call, schemas);
        }

        return document;
    }

    private static void AddOperation(OpenApiDocument document, DocumentedCall call, MessageSchemas schemas)
    {
        var item = new OpenApiPathItem();
        item.AddOperation(HttpMethod.Post, new OpenApiOperation
        {
            OperationId = call.OperationId,
            Summary = call.Summary,
            Tags = new HashSet<OpenApiTagReference> { new(call.Tag, document) },
            Parameters =
            [
                .. call.Headers.Select(header => new OpenApiParameter
                {
                    Name = header.Name,
                    In = ParameterLocation.Header,
                    Description = header.Summary,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = header.Example,
                }),
            ],
            RequestBody = new OpenApiRequestBody { Required = true, Content = Contents(call.Requests, schemas) },
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse { Description = "OK", Content = Contents(call.Responses, schemas) },
                ["default"] = Response("The gRPC status as JSON: code, message, details.", schemas.Reference(Status.Descriptor)),
            },
        });
        document.Paths.Add(call.Path, item);
    }

    private static Dictionary<string, IOpenApiMediaType> Contents(IEnumerable<DocumentedBody> bodies, MessageSchemas schemas)
        => bodies.ToDictionary(body => body.MediaType, IOpenApiMediaType (body) => new OpenApiMediaType
        {
            Schema = body.Message is { } message ? schemas.Reference(message) : null,
            Example = JsonNode.Parse(body.Example),
        });

    private static void AddOperation(
        OpenApiDocument document, HttpBinding binding, MessageSchemas schemas, ProtoComments comments, CallExamples examples)
    {
        if (!document.Paths.TryGetValue(binding.Path, out var item))
        {
            item = new OpenApiPathItem();
            document.Paths.Add(binding.Path, item);
        }

        ((OpenApiPathItem)item).AddOperation(binding.Verb, new OpenApiOperation
        {
            OperationId = OperationId(binding),
            Summary = comments.Of(binding.Method.FullName),
            Tags = new HashSet<OpenApiTagReference> { new(binding.Method.Service.Name, document) },
            Parameters = [.. Parameters(binding, schemas, comments, examples)],
            RequestBody = Body(binding, schemas, examples.OfBody(binding)),
            Responses = new OpenApiResponses
            {
                ["200"] = binding.Method.IsServerStreaming
                    ? Stream(schemas.Reference(binding.Method.OutputType))
                    : Response("OK", schemas.Reference(binding.Method.OutputType)),
                ["default"] = Response("The gRPC status as JSON: code, message, details.", schemas.Reference(Status.Descriptor)),
            },
        });
    }

    /// <summary>
    /// Unlike that of any other binding: the first is called as its method is, the next by its verb too, further ones by their number too.
    /// </summary>
    private static string OperationId(HttpBinding binding)
        => $"{binding.Method.Service.Name}_{binding.Method.Name}" + binding.Number switch
        {
            0 => "",
            1 => $"_{binding.Verb}",
            var number => $"_{binding.Verb}_{number}",
        };

    /// <summary>Fields in the path, and, unless the whole request is the body, the other plain fields as query parameters.</summary>
    private static IEnumerable<IOpenApiParameter> Parameters(
        HttpBinding binding, MessageSchemas schemas, ProtoComments comments, CallExamples examples)
    {
        foreach (var field in binding.Method.InputType.Fields.InDeclarationOrder())
        {
            var inPath = binding.PathFields.Contains(field.Name);
            if (inPath || (binding.Body is not "*" && binding.Body != field.Name && field.FieldType != FieldType.Message))
            {
                yield return new OpenApiParameter
                {
                    Name = inPath ? field.Name : field.JsonName,
                    In = inPath ? ParameterLocation.Path : ParameterLocation.Query,
                    Required = inPath,
                    Description = comments.Of(field.FullName),
                    Schema = schemas.Field(field),
                    Example = inPath || Asks(binding, field) ? examples.OfParameter(field.Name) : null,
                };
            }
        }
    }

    // What a call looks for is in its query, and nothing is found without it.
    private static bool Asks(HttpBinding binding, FieldDescriptor field)
        => binding.PathFields.Count == 0 && field.Name is "query" or "prefix";

    private static OpenApiRequestBody? Body(HttpBinding binding, MessageSchemas schemas, JsonNode? example) => binding.Body switch
    {
        "" => null,
        "*" => new OpenApiRequestBody { Required = true, Content = Content(schemas.Reference(binding.Method.InputType), example) },
        var field => new OpenApiRequestBody
        {
            Required = true,
            Content = Content(schemas.Field(binding.Method.InputType.FindFieldByName(field)), example),
        },
    };

    private static OpenApiResponse Response(string description, IOpenApiSchema schema)
        => new() { Description = description, Content = Content(schema) };

    private static OpenApiResponse Stream(IOpenApiSchema schema) => new()
    {
        Description = "OK: a message a line, or, asked for by Accept, a server-sent event each.",
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [Json] = new OpenApiMediaType { Schema = schema },
            [MediaTypeNames.Text.EventStream] = new OpenApiMediaType { Schema = schema },
        },
    };

    private static Dictionary<string, IOpenApiMediaType> Content(IOpenApiSchema schema, JsonNode? example = null)
        => new() { [Json] = new OpenApiMediaType { Schema = schema, Example = example } };
}
