using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Microsoft.OpenApi;

namespace Strata.Edge.OpenApi.Core;

/// <summary>JSON schemas of messages by the proto3 JSON mapping, gathered as components.</summary>
internal sealed class MessageSchemas(OpenApiDocument document, ProtoComments comments)
{
    /// <summary>A reference to the schema of a message, which becomes a component with all it refers to.</summary>
    public IOpenApiSchema Reference(MessageDescriptor message)
    {
        if (WellKnown(message) is { } known)
        {
            return known;
        }

        var schemas = document.Components!.Schemas!;
        if (!schemas.ContainsKey(message.FullName))
        {
            var schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = comments.Of(message.FullName),
                Properties = new Dictionary<string, IOpenApiSchema>(),
            };

            // Known before its fields are looked at: a message may contain itself.
            schemas.Add(message.FullName, schema);
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                schema.Properties.Add(field.JsonName, Field(field));
            }
        }

        return new OpenApiSchemaReference(message.FullName, document);
    }

    /// <summary>The schema of a field, an array when it is repeated.</summary>
    public IOpenApiSchema Field(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = Value(field.MessageType.FindFieldByNumber(2)),
                Description = comments.Of(field.FullName),
            };
        }

        var value = Value(field);
        if (field.IsRepeated)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Array, Items = value, Description = comments.Of(field.FullName) };
        }

        value.Description = comments.Of(field.FullName) ?? value.Description;
        return value;
    }

    private IOpenApiSchema Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Reference(field.MessageType),
        FieldType.Enum => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = [.. field.EnumType.Values.Select(v => (JsonNode)v.Name)],
        },
        FieldType.String => new OpenApiSchema { Type = JsonSchemaType.String },
        FieldType.Bytes => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" },
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        FieldType.Float => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "float" },
        FieldType.Double => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
        FieldType.UInt32 or FieldType.Fixed32
            => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0", Maximum = "4294967295" },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
        FieldType.UInt64 or FieldType.Fixed64
            => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uint64", Pattern = "^[0-9]+$" },
        _ => new OpenApiSchema { Type = JsonSchemaType.String, Format = "int64", Pattern = "^-?[0-9]+$" },
    };

    private static OpenApiSchema? WellKnown(MessageDescriptor message)
    {
        if (message.FullName == Timestamp.Descriptor.FullName)
        {
            return new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
        }

        if (message.FullName == Duration.Descriptor.FullName)
        {
            return new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^-?[0-9]+(\.[0-9]+)?s$" };
        }

        if (message.FullName == Any.Descriptor.FullName)
        {
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema> { ["@type"] = new OpenApiSchema { Type = JsonSchemaType.String } },
                AdditionalPropertiesAllowed = true,
                Description =
                    $"A detail, told apart by its @type: for a refused request type.googleapis.com/{BadRequest.Descriptor.FullName}.",
            };
        }

        return null;
    }
}
