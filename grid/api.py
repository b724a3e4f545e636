"""/api/v1/regions/: the divisions, open to everybody signed in."""

from django_filters import rest_framework as filters
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination

from grid.models import Region
from grid.regions import LEVEL_LABELS


class RegionOut(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ["code", "name", "full_name", "level", "parent", "code_system", "retired_on", "successor"]


class RegionFilter(filters.FilterSet):
    level = filters.ChoiceFilter(choices=list(LEVEL_LABELS.items()))
    parent = filters.CharFilter()
    under = filters.CharFilter(field_name="code", lookup_expr="startswith")
    name = filters.CharFilter(lookup_expr="contains")

    class Meta:
        model = Region
        fields: list[str] = []


class ByCode(CursorPagination):
    ordering = "code"
    page_size = 200


class RegionViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Region.objects.order_by("code")
    serializer_class = RegionOut
    filterset_class = RegionFilter
    pagination_class = ByCode
    lookup_value_regex = r"\d{2,12}"
